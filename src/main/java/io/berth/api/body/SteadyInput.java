package io.berth.api.body;

import io.berth.common.BerthException;
import io.berth.common.ErrorCode;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.LongSupplier;

/**
 * A body that is streamed, whose client must keep on sending: at least 8 KiB/s on an average of 30 s. A reader holds a thread and one
 * of the few uploads of its tenant; any line that carries an archive at all is faster. Only the time that is waited counts, not
 * what the reader takes.
 */
public final class SteadyInput extends FilterInputStream {

    static final long LEAST_BYTES_PER_SECOND = 8 << 10;
    static final long WINDOW_SECONDS = 30;

    private final LongSupplier nanoTime;
    private long waited;
    private long received;

    public SteadyInput(InputStream body) {
        this(body, System::nanoTime);
    }

    SteadyInput(InputStream body, LongSupplier nanoTime) {
        super(body);
        this.nanoTime = nanoTime;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    /** @throws BerthException {@code REQUEST_TIMEOUT} */
    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        long start = nanoTime.getAsLong();
        int count = super.read(buffer, offset, length);
        waited += nanoTime.getAsLong() - start;
        received += Math.max(count, 0);
        if (waited >= WINDOW_SECONDS * 1_000_000_000L) {
            if (count >= 0 && received < waited / 1_000_000_000L * LEAST_BYTES_PER_SECOND) {
                throw new BerthException(
                        ErrorCode.REQUEST_TIMEOUT,
                        "the body comes too slowly: at least " + LEAST_BYTES_PER_SECOND
                                + " bytes a second are expected");
            }
            waited = 0;
            received = 0;
        }
        return count;
    }
}
