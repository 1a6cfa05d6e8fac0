package io.berth.engine.snapshot;

import io.berth.engine.syscall.Fd;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Lets go of detached overlay mounts aside. The end of an overlay's last mount writes out the whole file system under its
 * upper directory, which takes from half a millisecond to hundreds, and gains nothing for a container that is deleted.
 * An open descriptor puts that end off until this thread closes it; the mount itself is out of the tree by then.
 */
final class MountReleaser implements AutoCloseable {

    private static final int MOST_PENDING = 64;
    private static final long CLOSE_SECONDS = 10;

    /** Whoever finds the queue full does the work himself: deletes cannot run away from the disk. */
    private final ThreadPoolExecutor executor = new ThreadPoolExecutor(
            1,
            1,
            1,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(MOST_PENDING),
            task -> {
                Thread thread = new Thread(task, "snapshot-release");
                thread.setDaemon(true);
                return thread;
            },
            new ThreadPoolExecutor.CallerRunsPolicy());

    MountReleaser() {
        executor.allowCoreThreadTimeOut(true);
    }

    void release(Fd mount) {
        if (executor.isShutdown()) {
            mount.close();
        } else {
            executor.execute(mount::close);
        }
    }

    @Override
    public void close() {
        executor.shutdown();
        try {
            executor.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
