package io.berth.engine.local;

import io.berth.engine.stdio.EventLoop;
import io.berth.engine.syscall.Fd;
import io.berth.engine.syscall.Flags;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.jboss.logging.Logger;

/** Runs something when a process ends. The event loop sees the end; a few threads do what follows, which may block. */
final class EndWatch implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(EndWatch.class);
    private static final int THREADS = 4;
    private static final Duration AGAIN = Duration.ofSeconds(1);

    private final EventLoop loop;
    private final ExecutorService threads;

    EndWatch(EventLoop loop) {
        this.loop = loop;
        AtomicInteger number = new AtomicInteger();
        this.threads = Executors.newFixedThreadPool(THREADS, task -> {
            Thread thread = new Thread(task, "berth-exits-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
    }

    /** @param process a pidfd, closed here once the process has ended */
    void whenEnded(Fd process, Runnable action) {
        loop.run(() -> watch(process, action));
    }

    /** The host may have no watch to spare: see max_user_watches in epoll(7). Without one the end would never be seen. */
    private void watch(Fd process, Runnable action) {
        try {
            loop.register(process, Flags.EPOLLIN, events -> {
                loop.unregister(process);
                process.close();
                execute(action);
            });
        } catch (UncheckedIOException e) {
            LOG.warnf(e, "could not watch for the end of a process; trying again in %s", AGAIN);
            loop.schedule(AGAIN, () -> watch(process, action));
        }
    }

    void execute(Runnable action) {
        if (threads.isShutdown()) {
            return;
        }
        threads.execute(() -> {
            try {
                action.run();
            } catch (RuntimeException e) {
                LOG.error("could not follow up the end of a process", e);
            }
        });
    }

    @Override
    public void close() {
        threads.shutdown();
    }
}
