package io.berth.engine.syscall;

import java.util.function.LongSupplier;
import java.util.function.Supplier;
import jnr.constants.platform.Errno;

/** Turns what a C function returns into a value or an {@link ErrnoException}. */
final class Errors {

    static final int EPERM = 1;
    static final int EINTR = 4;
    static final int EAGAIN = 11;
    static final int ENOMEM = 12;
    static final int ERANGE = 34;
    static final int ENODATA = 61;

    private Errors() {}

    /** Calls until not interrupted, and reads errno right after on the same thread. */
    static long check(Supplier<String> what, LongSupplier call) throws ErrnoException {
        while (true) {
            long result = call.getAsLong();
            if (result != -1) {
                return result;
            }
            int errno = LibC.errno();
            if (errno != EINTR) {
                throw exception(what.get(), errno);
            }
        }
    }

    static ErrnoException exception(String what, int errno) {
        return switch (errno) {
            // two names share the number; the table may give either
            case EAGAIN -> new ErrnoException(what, "EAGAIN", "Resource temporarily unavailable");
            case 35 -> new ErrnoException(what, "EDEADLK", "Resource deadlock avoided");
            case 95 -> new ErrnoException(what, "EOPNOTSUPP", "Operation not supported");
            default -> named(what, errno);
        };
    }

    private static ErrnoException named(String what, int errno) {
        Errno known = Errno.valueOf(errno);
        return known == Errno.__UNKNOWN_CONSTANT__
                ? new ErrnoException(what, "ERRNO_" + errno, "error " + errno)
                : new ErrnoException(what, known.name(), known.description());
    }

    static ErrnoException invalid(String what, String why) {
        return new ErrnoException(what, "EINVAL", why);
    }
}
