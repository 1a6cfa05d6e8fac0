package io.berth.engine.netns;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jboss.logging.Logger;

/** A daemon thread that works while there is work, and looks for more when woken or after a while. */
final class Worker implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(Worker.class);
    static final Duration LOOK = Duration.ofSeconds(1);

    private final long patienceNanos;
    private final long lookNanos;
    private final BooleanSupplier pass;
    private final Thread thread;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    /** By {@link System#nanoTime}. */
    private long lookAt;

    private volatile boolean closed;

    /**
     * @param patience how long it waits after {@link #wakeSoon}
     * @param look after how long it looks by itself
     * @param pass does a piece of work; whether there was any
     */
    Worker(String name, Duration patience, Duration look, BooleanSupplier pass) {
        this.patienceNanos = patience.toNanos();
        this.lookNanos = look.toNanos();
        this.lookAt = System.nanoTime() + lookNanos;
        this.pass = pass;
        this.thread = new Thread(this::run, name);
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** Somebody waits for the work. */
    void wake() {
        lookWithin(0);
    }

    /** Nobody waits for the work, and more of it may come. */
    void wakeSoon() {
        lookWithin(patienceNanos);
    }

    private void lookWithin(long nanos) {
        lock.lock();
        try {
            long wanted = System.nanoTime() + nanos;
            if (wanted - lookAt < 0) {
                lookAt = wanted;
                changed.signal();
            }
        } finally {
            lock.unlock();
        }
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

    boolean hasEnded() {
        return !thread.isAlive();
    }

    private void run() {
        while (!closed) {
            try {
                awaitLook();
                while (!closed && pass.getAsBoolean()) {
                    // more
                }
            } catch (InterruptedException e) {
                return;
            } catch (
                    Throwable e) { // also an Error, such as that of a host without a process to spare: nobody else does
                // its work
                LOG.errorf(e, "%s: a piece of work failed", thread.getName());
            }
        }
    }

    private void awaitLook() throws InterruptedException {
        lock.lock();
        try {
            for (long left = lookAt - System.nanoTime(); left > 0; left = lookAt - System.nanoTime()) {
                long unused = changed.awaitNanos(left);
            }
            // before the look, so that a wake-up during it is not lost
            lookAt = System.nanoTime() + lookNanos;
        } finally {
            lock.unlock();
        }
    }
}
