package io.berth.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Random;
import java.util.Set;

/**
 * Room on the disk that is kept by a file, to be given back in slices when the disk is full. Each slice lasts for some changes; what
 * filled the disk may take it as well, which is why they are given one at a time, and only when somebody needs one.
 */
public final class Reserve {

    /** The size unless another is configured. */
    public static final long USUAL = 64 << 20;

    private static final int SLICES = 8;
    private static final int SHARE = 16;
    private static final int PIECE = 1 << 20;

    private final Path file;
    private final long size;

    private Reserve(Path file, long size) {
        this.file = file;
        this.size = size;
    }

    /** Looks at the disk; writes nothing. */
    public static Reserve of(Path dataDir, long wanted) throws IOException {
        long disk = Files.getFileStore(dataDir).getTotalSpace();
        return new Reserve(dataDir.resolve("reserve"), Math.min(wanted, disk / SHARE));
    }

    /** How much it is when it is whole. */
    public long size() {
        return size;
    }

    public long slice() {
        return size / SLICES;
    }

    /** How much of it is there. */
    public long held() throws IOException {
        return Files.exists(file) ? Files.size(file) : 0;
    }

    /** Makes it whole. Blocks for the disk. What it is filled with cannot be compressed away. @return whether it was not */
    public synchronized boolean take() throws IOException {
        long held = held();
        if (held >= size) {
            return false;
        }
        byte[] bytes = new byte[PIECE];
        new Random(held).nextBytes(bytes);
        try (FileChannel channel = FileChannel.open(
                file,
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
            while (held < size) {
                ByteBuffer piece = ByteBuffer.wrap(bytes, 0, (int) Math.min(PIECE, size - held));
                held += channel.write(piece, held);
            }
            channel.force(true);
        }
        return true;
    }

    /** Gives a slice of it back. Blocks for the disk. @return whether there was one */
    public synchronized boolean release() throws IOException {
        long held = held();
        if (held == 0) {
            return false;
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(Math.max(0, held - Math.max(1, slice())));
        }
        return true;
    }
}
