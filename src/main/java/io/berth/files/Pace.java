package io.berth.files;

import io.berth.common.BerthException;
import io.berth.common.ErrorCode;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Ends what comes too slowly: not after a silence, which one byte now and then would break, but by what has come on the whole. */
final class Pace {

    private static final long GRACE_SECONDS = 60;

    private final long bytesPerSecond;
    private final LongSupplier nanos;
    private final long begun;

    Pace(long bytesPerSecond) {
        this(bytesPerSecond, System::nanoTime);
    }

    /** @param nanos a clock that counts */
    Pace(long bytesPerSecond, LongSupplier nanos) {
        this.bytesPerSecond = Math.max(1, bytesPerSecond);
        this.nanos = nanos;
        this.begun = nanos.getAsLong();
    }

    /**
     * Passes if that many bytes are enough by now.
     *
     * @throws BerthException {@code DEADLINE_EXCEEDED}
     */
    void check(long bytes) {
        long seconds = TimeUnit.NANOSECONDS.toSeconds(nanos.getAsLong() - begun);
        if (seconds > GRACE_SECONDS + bytes / bytesPerSecond) {
            throw new BerthException(
                    ErrorCode.DEADLINE_EXCEEDED,
                    bytes + " bytes in " + seconds + " s is too slow for an upload: at least " + bytesPerSecond
                            + " bytes a second are wanted (berth.files.slowest-upload)");
        }
    }
}
