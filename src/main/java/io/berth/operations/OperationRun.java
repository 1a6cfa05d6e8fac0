package io.berth.operations;

import io.berth.tenants.TenantId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** An operation that runs in this server. */
public final class OperationRun implements OperationTask.Progress {

    /** More parts than anybody looks at are not told of. */
    private static final int MAX_PARTS = 256;

    private final Map<String, OperationPart> parts = new LinkedHashMap<>();
    private final CompletableFuture<String> result = new CompletableFuture<>();
    private final CompletableFuture<Operation> end = new CompletableFuture<>();
    private volatile Operation current;
    private volatile boolean cancelled;
    private @Nullable Thread worker;

    OperationRun(Operation operation) {
        this.current = operation;
    }

    /** The operation as it stands now. */
    public Operation current() {
        return current;
    }

    /** How far each part is, while it runs. */
    public synchronized List<OperationPart> parts() {
        return List.copyOf(parts.values());
    }

    /** The path of what was made; fails with what the task threw. Completes after the end is stored. */
    public CompletionStage<String> result() {
        return result.minimalCompletionStage();
    }

    @Override
    public synchronized void update(String message, long done, long total) {
        if (!current.status().isFinal()) {
            current = current.progressed(message, done, total);
        }
    }

    @Override
    public synchronized void part(OperationPart part) {
        if (parts.size() < MAX_PARTS || parts.containsKey(part.name())) {
            parts.put(part.name(), part);
        }
    }

    CompletableFuture<Operation> end() {
        return end;
    }

    /** Whether it belongs to the tenant. */
    boolean isOf(TenantId tenant) {
        return tenant.equals(current.tenant());
    }

    boolean isCancelled() {
        return cancelled;
    }

    /** To be called on the thread that does the work; false if there is nothing to do any more. */
    synchronized boolean begin() {
        if (cancelled) {
            return false;
        }
        worker = Thread.currentThread();
        return true;
    }

    /** After this the thread is not interrupted any more. */
    synchronized void leave() {
        worker = null;
    }

    synchronized void cancel() {
        cancelled = true;
        if (worker != null) {
            worker.interrupt();
        }
    }

    synchronized void finish(Operation finished) {
        current = finished;
    }

    void complete(@Nullable String made, @Nullable Throwable failure) {
        if (failure != null) {
            result.completeExceptionally(failure);
        } else {
            result.complete(made);
        }
        end.complete(current);
    }
}
