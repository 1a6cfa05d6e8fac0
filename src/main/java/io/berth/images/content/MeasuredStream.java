package io.berth.images.content;

import io.berth.images.Digest;
import io.berth.images.NativeCrypto;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Counts and hashes what is read through it, and stops at a bound. */
public final class MeasuredStream extends FilterInputStream {

    /** Is asked after each read whether to go on. */
    @FunctionalInterface
    public interface Bound {
        /** @throws IOException if {@code count} bytes are too many */
        void check(long count) throws IOException;
    }

    private final MessageDigest sha256 = sha256();
    private final Bound bound;
    private long count;

    public MeasuredStream(InputStream in, Bound bound) {
        super(in);
        this.bound = bound;
    }

    public long count() {
        return count;
    }

    /** Of what was read so far. Call it once, at the end. */
    public Digest digest() {
        return new Digest(HexFormat.of().formatHex(sha256.digest()));
    }

    /** Reads to the end of the stream, so that {@link #digest()} is that of the whole. */
    public void drain() throws IOException {
        transferTo(OutputStream.nullOutputStream());
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        int n = in.read(buffer, offset, length);
        if (n > 0) {
            sha256.update(buffer, offset, n);
            count += n;
            bound.check(count);
        }
        return n;
    }

    /** Reads instead of skipping: what is skipped is part of the digest. */
    @Override
    public long skip(long wanted) throws IOException {
        byte[] buffer = new byte[(int) Math.min(Math.max(wanted, 0), 32768)];
        long left = wanted;
        while (left > 0) {
            int n = read(buffer, 0, (int) Math.min(buffer.length, left));
            if (n < 0) {
                break;
            }
            left -= n;
        }
        return wanted - Math.max(left, 0);
    }

    @Override
    public boolean markSupported() {
        return false;
    }

    private static MessageDigest sha256() {
        NativeCrypto.prefer();
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
