package io.berth.engine.local;

import io.berth.engine.syscall.ErrnoException;
import io.berth.engine.syscall.Fd;
import io.berth.engine.syscall.Spawner;
import io.berth.engine.syscall.Syscalls;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Starts programs in another mount namespace, by threads that have entered it and do nothing else. A program that enters
 * it first, nsenter(1), would cost each create and each exec more than a millisecond.
 */
final class NamespaceThreads implements Spawner, AutoCloseable {

    private final Syscalls syscalls;
    private final Path namespace;
    private final ThreadLocal<Boolean> inside = ThreadLocal.withInitial(() -> false);
    private final ExecutorService threads;

    /** @param namespace a pinned one */
    NamespaceThreads(Syscalls syscalls, Path namespace) {
        this.syscalls = syscalls;
        this.namespace = namespace;
        AtomicInteger number = new AtomicInteger();
        this.threads = Executors.newFixedThreadPool(
                Math.max(8, 2 * Runtime.getRuntime().availableProcessors()), task -> {
                    Thread thread = new Thread(task, "berth-spawn-" + number.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
    }

    @Override
    public int spawn(
            List<String> command, Map<String, String> environment, Path directory, Map<Integer, Fd> descriptors)
            throws ErrnoException {
        CompletableFuture<Integer> started = new CompletableFuture<>();
        try {
            threads.execute(() -> {
                try {
                    enter();
                    started.complete(syscalls.spawn(command, environment, directory, descriptors));
                } catch (ErrnoException | RuntimeException | Error e) {
                    started.completeExceptionally(e);
                }
            });
            return started.join();
        } catch (RejectedExecutionException e) {
            throw new ErrnoException("spawn(" + command.get(0) + ")", "ECANCELED", "the engine is closed");
        } catch (CompletionException e) {
            if (e.getCause() instanceof ErrnoException errno) {
                throw errno;
            }
            throw e;
        }
    }

    private void enter() throws ErrnoException {
        if (!inside.get()) {
            syscalls.enterMountNamespace(namespace);
            inside.set(true);
        }
    }

    @Override
    public void close() {
        threads.shutdown();
    }
}
