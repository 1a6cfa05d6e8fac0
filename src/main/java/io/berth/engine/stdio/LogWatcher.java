package io.berth.engine.stdio;

import static java.nio.file.StandardWatchEventKinds.ENTRY_CREATE;
import static java.nio.file.StandardWatchEventKinds.ENTRY_MODIFY;
import static java.nio.file.StandardWatchEventKinds.OVERFLOW;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import org.jboss.logging.Logger;

/**
 * Notices, by inotify(7), that conmon has replaced the file of a log, and keeps the old one; and wakes readers when a
 * log has grown. One thread for all logs. A log without readers costs an event per replaced file only, as its writes are
 * not watched. Thread-safe.
 */
public final class LogWatcher implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(LogWatcher.class);

    private final WatchService service;
    private final Map<Path, Watched> logs = new ConcurrentHashMap<>();
    private final Thread thread;

    public LogWatcher() throws IOException {
        service = FileSystems.getDefault().newWatchService();
        thread = new Thread(this::run, "log-watcher");
        thread.setDaemon(true);
        thread.start();
    }

    /** Keeps the log's replaced files until {@link #forget}. Repeatable. */
    public void watch(ContainerLog log) throws IOException {
        Watched watched = logs.computeIfAbsent(log.directory(), directory -> new Watched(log));
        watched.register();
        // what happened before the registration
        log.rotate();
    }

    /** Ends {@link #watch}; to be called before the directory is removed. */
    public void forget(ContainerLog log) {
        Watched watched = logs.remove(log.directory());
        if (watched != null) {
            watched.cancel();
        }
    }

    /** Waits for a log to grow, until closed. */
    interface Waiter extends AutoCloseable {
        @Override
        void close();
    }

    /**
     * Calls back once, from any thread, when the log has grown.
     *
     * @param already whether it has grown in the meantime; asked after the watch is in place
     */
    Waiter onMore(ContainerLog log, BooleanSupplier already, Runnable callback) {
        Watched watched = logs.computeIfAbsent(log.directory(), directory -> new Watched(log));
        watched.add(callback);
        if (already.getAsBoolean()) {
            watched.fire(callback);
        }
        return () -> watched.remove(callback);
    }

    private void run() {
        while (true) {
            try {
                WatchKey key = service.take();
                List<WatchEvent<?>> events = key.pollEvents();
                key.reset();
                Watched watched = logs.get((Path) key.watchable());
                if (watched != null) {
                    watched.handle(events);
                }
            } catch (ClosedWatchServiceException e) {
                return;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            } catch (RuntimeException e) {
                LOG.error("A reader of a log failed when woken", e);
            }
        }
    }

    @Override
    public void close() {
        try {
            service.close();
        } catch (IOException e) {
            LOG.warn("Closing the watch on log files failed", e);
        }
    }

    private final class Watched {

        private final ContainerLog log;
        private final List<Runnable> waiting = new ArrayList<>();
        private @org.jspecify.annotations.Nullable WatchKey key;
        private boolean cancelled;

        Watched(ContainerLog log) {
            this.log = log;
        }

        /** Watches for what is needed now; registering a directory again replaces the events asked for. */
        synchronized void register() throws IOException {
            if (cancelled) {
                return;
            }
            key = waiting.isEmpty()
                    ? log.directory().register(service, ENTRY_CREATE)
                    : log.directory().register(service, ENTRY_CREATE, ENTRY_MODIFY);
        }

        synchronized void cancel() {
            cancelled = true;
            if (key != null) {
                key.cancel();
            }
        }

        synchronized void add(Runnable callback) {
            waiting.add(callback);
            if (waiting.size() == 1) {
                tryRegister();
            }
        }

        synchronized void remove(Runnable callback) {
            if (waiting.remove(callback) && waiting.isEmpty()) {
                tryRegister();
            }
        }

        private void tryRegister() {
            try {
                register();
            } catch (IOException e) {
                // the log's directory is gone, and the log will not grow
                LOG.debugf(e, "No watch on %s", log.directory());
            }
        }

        void fire(Runnable callback) {
            boolean waited;
            synchronized (this) {
                waited = waiting.remove(callback);
                if (waited && waiting.isEmpty()) {
                    tryRegister();
                }
            }
            if (waited) {
                callback.run();
            }
        }

        void handle(List<WatchEvent<?>> events) {
            boolean replaced = false;
            boolean grown = false;
            for (WatchEvent<?> event : events) {
                boolean overflow = event.kind() == OVERFLOW;
                boolean ofLog = overflow || log.liveFile().endsWith((Path) event.context());
                replaced |= ofLog && event.kind() != ENTRY_MODIFY;
                grown |= ofLog;
            }
            if (replaced) {
                rotate();
            }
            if (grown) {
                List<Runnable> callbacks;
                synchronized (this) {
                    callbacks = List.copyOf(waiting);
                }
                callbacks.forEach(this::fire);
            }
        }

        private void rotate() {
            try {
                log.rotate();
            } catch (IOException e) {
                LOG.warnf(e, "The replaced log file in %s could not be kept", log.directory());
            }
        }
    }
}
