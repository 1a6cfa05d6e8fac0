package io.berth.engine.local;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import java.util.Optional;
import org.jboss.logging.Logger;

/** Records as JSON files, which appear whole or not at all; after a power failure only those written durably. */
final class JsonFiles {

    private static final Logger LOG = Logger.getLogger(JsonFiles.class);
    private static final ObjectMapper JSON = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private JsonFiles() {}

    static void write(Path file, Object value) throws IOException {
        Path temporary = file.resolveSibling(file.getFileName() + ".new");
        Files.write(temporary, JSON.writeValueAsBytes(value));
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** As {@link #write}, and the disk has it. Takes what the disk takes: milliseconds. */
    static void writeDurably(Path file, Object value) throws IOException {
        Path temporary = file.resolveSibling(file.getFileName() + ".new");
        try (FileChannel channel = FileChannel.open(
                temporary, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            ByteBuffer bytes = ByteBuffer.wrap(JSON.writeValueAsBytes(value));
            while (bytes.hasRemaining()) {
                int unused = channel.write(bytes);
            }
            channel.force(true);
        }
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        sync(Objects.requireNonNull(file.getParent()));
    }

    /** Makes durable what was created, renamed or removed in a directory. See fsync(2). */
    static void sync(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /**
     * The record, or empty if there is no file.
     *
     * @throws IOException if there is one that is not whole: what it belongs to is there, too
     */
    static <T> Optional<T> readWhole(Path file, Class<T> type) throws IOException {
        try {
            return Optional.of(JSON.readValue(Files.readAllBytes(file), type));
        } catch (NoSuchFileException absent) {
            return Optional.empty();
        } catch (com.fasterxml.jackson.core.JacksonException broken) {
            throw new IOException(file + " is not readable: " + broken.getOriginalMessage(), broken);
        }
    }

    /** The record, or empty if there is no file or, after a crash of the host, no whole one. */
    static <T> Optional<T> read(Path file, Class<T> type) throws IOException {
        byte[] bytes;
        try {
            bytes = Files.readAllBytes(file);
        } catch (NoSuchFileException absent) {
            return Optional.empty();
        }
        try {
            return Optional.of(JSON.readValue(bytes, type));
        } catch (com.fasterxml.jackson.core.JacksonException broken) {
            LOG.warnf("%s is not readable and counts as absent: %s", file, broken.getOriginalMessage());
            return Optional.empty();
        }
    }
}
