package io.berth.engine;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The one thread on which everything of a {@link FakeEngine} happens, as in an engine with an event loop. */
final class FakeLoop implements AutoCloseable {

    private volatile @Nullable Thread thread;
    private final ExecutorService executor = Executors.newSingleThreadExecutor(task -> {
        Thread made = new Thread(task, "fake-engine");
        made.setDaemon(true);
        thread = made;
        return made;
    });

    /** Runs it soon. */
    void post(Runnable task) {
        executor.execute(task);
    }

    /** Runs it on the loop and waits for what it answers or throws. */
    <T extends @Nullable Object> T call(Supplier<T> task) {
        if (Thread.currentThread() == thread) {
            return task.get();
        }
        try {
            return CompletableFuture.supplyAsync(task, executor).join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw e;
        }
    }

    void run(Runnable task) {
        this.<@Nullable Object>call(() -> {
            task.run();
            return null;
        });
    }

    @Override
    public void close() {
        executor.shutdown();
    }
}
