package io.berth.engine.netns;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jboss.logging.Logger;

/** A daemon thread that works while there is work, and looks for more when woken or after a second. */
final class Worker implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(Worker.class);

    private final Semaphore wakeups = new Semaphore(0);
    private final BooleanSupplier pass;
    private final Thread thread;
    private volatile boolean closed;

    /** @param pass does a piece of work; whether there was any */
    Worker(String name, BooleanSupplier pass) {
        this.pass = pass;
        this.thread = new Thread(this::run, name);
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    void wake() {
        wakeups.release();
    }

    /** Begins no more work. */
    void stop() {
        closed = true;
        wake();
    }

    /** Ends after the piece of work at hand. */
    @Override
    public void close() {
        stop();
        try {
            thread.join(TimeUnit.SECONDS.toMillis(30));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        while (!closed) {
            try {
                wakeups.tryAcquire(1, TimeUnit.SECONDS);
                wakeups.drainPermits();
                while (!closed && pass.getAsBoolean()) {
                    // more
                }
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                LOG.errorf(e, "%s: a piece of work failed", thread.getName());
            }
        }
    }
}
