package io.berth.engine.cgroup;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * Waits for the kernel to finish what it was told. It does so in microseconds to milliseconds; what takes longer than
 * the bound never ends, such as a process stuck in a driver.
 */
record Patience(Duration bound) {

    private static final long FIRST_PAUSE_NANOS = 50_000;
    private static final long LONGEST_PAUSE_NANOS = 10_000_000;

    /** Some 0.1 s of waiting, which is enough for all that no limit holds up. */
    static final int QUICK_ROUNDS = 18;

    static final Patience USUAL = new Patience(Duration.ofSeconds(10));

    /** What is waited for; may do a part of the work each time it is asked. */
    @FunctionalInterface
    interface Condition {
        boolean holds() throws IOException;
    }

    /**
     * @throws IOException after the bound, or when the thread is interrupted
     */
    void await(String what, Condition condition) throws IOException {
        long deadline = System.nanoTime() + bound.toNanos();
        long pause = FIRST_PAUSE_NANOS;
        while (!condition.holds()) {
            if (Thread.currentThread().isInterrupted()) {
                throw new IOException("interrupted while waiting until " + what);
            }
            if (System.nanoTime() - deadline > 0) {
                throw new IOException("gave up after " + bound.toSeconds() + " s waiting until " + what);
            }
            LockSupport.parkNanos(pause);
            pause = Math.min(2 * pause, LONGEST_PAUSE_NANOS);
        }
    }
}
