package io.berth.engine.syscall;

import java.io.IOException;

/** A system call failed. See errno(3) for the names. */
public final class ErrnoException extends IOException {

    private static final long serialVersionUID = 1L;

    private final String call;
    private final String errno;

    /**
     * @param call what was called on what, such as {@code mount(/a)}
     * @param errno symbolic name, such as {@code ENOENT}
     */
    public ErrnoException(String call, String errno, String description) {
        super(call + ": " + errno + " (" + description + ")");
        this.call = call;
        this.errno = errno;
    }

    /** @param number as the kernel gives it */
    public static ErrnoException of(String call, int number) {
        return Errors.exception(call, number);
    }

    public String call() {
        return call;
    }

    public String errno() {
        return errno;
    }

    public boolean is(String name) {
        return errno.equals(name);
    }
}
