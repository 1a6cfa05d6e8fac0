package io.berth.images.content;

import com.github.luben.zstd.ZstdInputStream;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/** How a tar is packed, told by its first bytes and not by what somebody says of it. */
public enum Compression {
    NONE(""),
    GZIP("+gzip"),
    ZSTD("+zstd");

    private static final int BUFFER = 64 << 10;
    /** Of two, the logarithm of the bytes a frame may want kept: four times what RFC 8878 (3.1.1.1.2) asks of a decoder. */
    private static final int ZSTD_WINDOW_LOG = 25;

    private final String mediaTypeSuffix;

    Compression(String mediaTypeSuffix) {
        this.mediaTypeSuffix = mediaTypeSuffix;
    }

    /** What an OCI layer's media type ends with. */
    public String mediaTypeSuffix() {
        return mediaTypeSuffix;
    }

    /** Looks at the first bytes and leaves them to be read. */
    public static Compression detect(BufferedInputStream in) throws IOException {
        in.mark(4);
        byte[] magic = in.readNBytes(4);
        in.reset();
        if (magic.length >= 2 && magic[0] == 0x1f && magic[1] == (byte) 0x8b) {
            return GZIP;
        }
        if (magic.length == 4
                && magic[0] == 0x28
                && (magic[1] & 0xff) == 0xb5
                && magic[2] == 0x2f
                && (magic[3] & 0xff) == 0xfd) {
            return ZSTD;
        }
        return NONE;
    }

    /**
     * Unpacks a stream, whatever it is packed with. Several gzip members or zstd frames in a row are one stream.
     *
     * @throws TarFormatException from it or its reads, if the packed data is damaged or cut off
     */
    public static InputStream unpack(InputStream packed) throws IOException {
        BufferedInputStream in = new PatientInput(packed);
        return switch (detect(in)) {
            case NONE -> in;
            case GZIP -> new Damage(gzip(in), "gzip");
            case ZSTD -> new Damage(zstd(in), "zstd");
        };
    }

    private static InputStream zstd(InputStream in) throws IOException {
        return new ZstdInputStream(in).setLongMax(ZSTD_WINDOW_LOG);
    }

    private static InputStream gzip(InputStream in) throws IOException {
        try {
            return new GZIPInputStream(in, BUFFER);
        } catch (EOFException | ZipException e) {
            throw new TarFormatException("damaged gzip data: " + e.getMessage(), e);
        }
    }

    /** GZIPInputStream takes "nothing available yet" for the end of the last member: say what is true. */
    private static final class PatientInput extends BufferedInputStream {

        PatientInput(InputStream in) {
            super(in, BUFFER);
        }

        @Override
        public synchronized int available() throws IOException {
            int ready = super.available();
            if (ready > 0) {
                return ready;
            }
            mark(1);
            int next = read();
            reset();
            return next < 0 ? 0 : 1;
        }
    }

    /** Tells damaged data from a failing disk or network. */
    private static final class Damage extends FilterInputStream {

        private final String format;

        Damage(InputStream in, String format) {
            super(in);
            this.format = format;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            try {
                return in.read(buffer, offset, length);
            } catch (EOFException | ZipException | com.github.luben.zstd.ZstdIOException e) {
                throw new TarFormatException("damaged " + format + " data: " + e.getMessage(), e);
            }
        }
    }
}
