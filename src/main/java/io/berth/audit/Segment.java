package io.berth.audit;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * One file of the journal. Its zeros are on disk before it is used, so that later nothing but the data itself has to be forced
 * there.
 */
final class Segment implements AutoCloseable {

    static final int BYTES = 1 << 20;

    private final Path file;
    private final FileChannel channel;
    private long position;
    private long begin;

    private Segment(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    static Segment create(Path file) throws IOException {
        Files.deleteIfExists(file);
        FileChannel channel = FileChannel.open(
                file,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Segment segment = new Segment(file, channel);
        try {
            fill(channel);
            syncDirectory(file);
            return segment;
        } catch (IOException e) {
            segment.close();
            Files.deleteIfExists(file);
            throw e;
        }
    }

    private static void fill(FileChannel channel) throws IOException {
        ByteBuffer zeros = ByteBuffer.allocate(BYTES);
        while (zeros.hasRemaining()) {
            channel.write(zeros);
        }
        channel.force(true);
    }

    /** Makes one that was used as good as new. */
    static void clear(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            fill(channel);
            channel.truncate(BYTES);
        }
    }

    /** One that was created before under another name, and not used. */
    static Segment prepared(Path file) throws IOException {
        Segment segment = new Segment(file, FileChannel.open(file, StandardOpenOption.WRITE));
        try {
            syncDirectory(file);
            return segment;
        } catch (IOException e) {
            segment.close();
            throw e;
        }
    }

    /** A new name is on disk only once its directory is. */
    private static void syncDirectory(Path file) throws IOException {
        try (FileChannel directory = FileChannel.open(file.toAbsolutePath().getParent(), StandardOpenOption.READ)) {
            directory.force(true);
        }
    }

    /** Hands a line to the operating system, which keeps it whatever becomes of this process. */
    void append(byte[] line) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(line);
        long at = position;
        while (bytes.hasRemaining()) {
            at += channel.write(bytes, at);
        }
        position = at;
    }

    /** Blocks until everything appended before is on disk. */
    void force() throws IOException {
        channel.force(false);
    }

    /** What is there now does not count as what fills it. */
    void beginHere() {
        begin = position;
    }

    boolean isFull() {
        return position - begin > BYTES * 3L / 4;
    }

    /** What a file holds; lines that are damaged are counted, a last one that was cut off is not. */
    static Contents read(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        List<JournalRecord> records = new ArrayList<>();
        int damaged = 0;
        int start = 0;
        for (int i = 0; i < bytes.length && bytes[start] != 0; i++) {
            if (bytes[i] == '\n') {
                var record = JournalRecord.parse(Arrays.copyOfRange(bytes, start, i));
                record.ifPresent(records::add);
                damaged += record.isPresent() ? 0 : 1;
                start = i + 1;
                if (start == bytes.length) {
                    break;
                }
            }
        }
        return new Contents(records, damaged);
    }

    record Contents(List<JournalRecord> records, int damaged) {}

    Path file() {
        return file;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
