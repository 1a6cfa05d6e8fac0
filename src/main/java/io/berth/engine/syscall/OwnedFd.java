package io.berth.engine.syscall;

import java.util.concurrent.atomic.AtomicInteger;

/** A descriptor that its holder closes. */
final class OwnedFd implements Fd {

    private static final int CLOSED = -1;

    private final AtomicInteger number;
    private final boolean socket;

    OwnedFd(long number) {
        this(number, false);
    }

    OwnedFd(long number, boolean socket) {
        this.number = new AtomicInteger((int) number);
        this.socket = socket;
    }

    /** Whether writing must ask for no SIGPIPE. */
    boolean isSocket() {
        return socket;
    }

    @Override
    public int number() {
        int current = number.get();
        if (current == CLOSED) {
            throw new IllegalStateException("the descriptor is closed");
        }
        return current;
    }

    /** Never repeated after EINTR: Linux has let go of the number even then (close(2)). */
    @Override
    public void close() {
        int current = number.getAndSet(CLOSED);
        if (current != CLOSED) {
            LibC.C.close(current);
        }
    }

    @Override
    public String toString() {
        return "fd " + number.get();
    }
}
