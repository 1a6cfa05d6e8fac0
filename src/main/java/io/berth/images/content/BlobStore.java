package io.berth.images.content;

import io.berth.common.BerthException;
import io.berth.common.ErrorCode;
import io.berth.images.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** Files named by the SHA-256 of what they hold. One appears whole or not at all. */
final class BlobStore {

    private static final int COPY_BUFFER = 256 << 10;

    private final Path blobs;
    private final Path temporary;

    BlobStore(Path blobs, Path temporary) {
        this.blobs = blobs;
        this.temporary = temporary;
    }

    Path path(Digest digest) {
        return blobs.resolve(digest.hex());
    }

    boolean exists(Digest digest) {
        return Files.isRegularFile(path(digest));
    }

    InputStream open(Digest digest) throws IOException {
        try {
            return Files.newInputStream(path(digest));
        } catch (NoSuchFileException e) {
            throw new BerthException(ErrorCode.INVALID_IMAGE, "blob " + digest + " is not stored: pull the image", e);
        }
    }

    /** @param size in bytes */
    record Stored(Digest digest, long size) {}

    /**
     * Stores what a stream gives, if it is what it should be.
     *
     * @param size expected bytes; no more than these are read
     * @param what for messages
     * @throws BerthException DIGEST_MISMATCH if it is something else or of another size, NO_SPACE
     * @throws IOException if the stream fails
     */
    void write(Digest digest, long size, InputStream content, String what) throws IOException {
        Path file = temporary(what);
        try {
            Stored stored = spool(file, content, size, what);
            if (stored.size() != size) {
                throw mismatch(what + " ended after " + stored.size() + " of " + size + " bytes");
            }
            if (!stored.digest().equals(digest)) {
                throw mismatch(what + " should be " + digest + " but is " + stored.digest());
            }
            publish(file, digest, what);
        } finally {
            Files.deleteIfExists(file);
        }
    }

    /** Copies a stream into a file, with failures of the disk told from those of the stream. */
    static Stored spool(Path file, InputStream content, long maxSize, String what) throws IOException {
        MeasuredStream measured = new MeasuredStream(content, count -> {
            if (count > maxSize) {
                throw mismatch(what + " is longer than the " + maxSize + " bytes it should have");
            }
        });
        fill(file, measured, what);
        return new Stored(measured.digest(), measured.count());
    }

    /** Makes a file of the same file system, already written and of the given digest, a blob. */
    void publish(Path file, Digest digest, String what) {
        try {
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                channel.force(true);
            }
            Files.move(file, path(digest), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            Disk.syncDirectory(blobs);
        } catch (IOException e) {
            throw Disk.failure(what, e);
        }
    }

    Path temporary(String what) {
        try {
            return Files.createTempFile(temporary, "blob-", ".tmp");
        } catch (IOException e) {
            throw Disk.failure(what, e);
        }
    }

    private static void fill(Path file, InputStream content, String what) throws IOException {
        byte[] buffer = new byte[COPY_BUFFER];
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            for (int n = content.read(buffer); n >= 0; n = content.read(buffer)) {
                ByteBuffer chunk = ByteBuffer.wrap(buffer, 0, n);
                try {
                    while (chunk.hasRemaining()) {
                        channel.write(chunk);
                    }
                } catch (IOException e) {
                    throw Disk.failure(what, e);
                }
            }
        }
    }

    private static BerthException mismatch(String message) {
        return new BerthException(ErrorCode.DIGEST_MISMATCH, message);
    }
}
