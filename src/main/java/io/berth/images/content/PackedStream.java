package io.berth.images.content;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Unpacks a stream of unknown compression, and stops when more comes out than may. */
public final class PackedStream {

    private PackedStream() {}

    /**
     * @param maxBytes that may come out
     * @param ratio bytes that may come out for each that goes in, beyond {@link ContentLimits#RATIO_FREE}
     * @return what comes out, counted and hashed
     * @throws TarFormatException from it or its reads: damaged data, or a bound was passed
     */
    public static MeasuredStream unpack(InputStream packed, long maxBytes, int ratio) throws IOException {
        Counter counter = new Counter(packed);
        return new MeasuredStream(Compression.unpack(counter), count -> {
            if (count > maxBytes) {
                throw new TarFormatException("more than " + maxBytes + " bytes uncompressed");
            }
            if (count > ContentLimits.RATIO_FREE && (count - ContentLimits.RATIO_FREE) / ratio > counter.count) {
                throw new TarFormatException("compressed more than " + ratio + " times: taken for a bomb");
            }
        });
    }

    private static final class Counter extends FilterInputStream {

        private long count;

        Counter(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            int b = in.read();
            count += b < 0 ? 0 : 1;
            return b;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int n = in.read(buffer, offset, length);
            count += Math.max(n, 0);
            return n;
        }
    }
}
