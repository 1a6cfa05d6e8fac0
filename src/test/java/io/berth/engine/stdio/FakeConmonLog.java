package io.berth.engine.stdio;

import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;

import io.berth.engine.OutputStreamKind;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Writes a k8s-file log as conmon 2.1.6 does: chunk by chunk, replacing the file by rename when it is full. */
final class FakeConmonLog implements AutoCloseable {

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.nnnnnnnnn'+00:00'")
            .withZone(ZoneOffset.UTC);

    private final Path path;
    private final long sizeMax;
    private FileChannel file;
    private long written;

    FakeConmonLog(ContainerLog log, long sizeMax) throws IOException {
        this.path = log.liveFile();
        this.sizeMax = sizeMax;
        this.file = FileChannel.open(path, WRITE, APPEND, CREATE);
    }

    void write(OutputStreamKind kind, byte[] chunk) throws IOException {
        write(Instant.now(), kind, chunk);
    }

    void write(Instant at, OutputStreamKind kind, byte[] chunk) throws IOException {
        byte[] head = (TIME.format(at) + " " + kind.name().toLowerCase(Locale.ROOT) + " ")
                .getBytes(StandardCharsets.US_ASCII);
        ByteArrayOutputStream pending = new ByteArrayOutputStream();
        int from = 0;
        while (from < chunk.length) {
            int end = LineFeeds.next(chunk, from, chunk.length);
            boolean partial = end < 0;
            int length = (partial ? chunk.length : end + 1) - from;
            long needed = length + 45L + (partial ? 1 : 0);
            if (sizeMax > 0 && written + needed > sizeMax) {
                flush(pending);
                replace();
            }
            pending.writeBytes(head);
            pending.writeBytes(new byte[] {(byte) (partial ? 'P' : 'F'), ' '});
            pending.write(chunk, from, length);
            if (partial) {
                pending.write('\n');
            }
            written += needed;
            from += length;
        }
        flush(pending);
    }

    private void flush(ByteArrayOutputStream pending) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(pending.toByteArray());
        while (bytes.hasRemaining()) {
            file.write(bytes);
        }
        pending.reset();
    }

    private void replace() throws IOException {
        written = 0;
        file.close();
        Path temporary = path.resolveSibling(path.getFileName() + ".tmp");
        file = FileChannel.open(temporary, WRITE, TRUNCATE_EXISTING, CREATE);
        Files.move(temporary, path, StandardCopyOption.ATOMIC_MOVE);
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
