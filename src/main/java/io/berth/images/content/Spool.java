package io.berth.images.content;

import io.berth.images.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A temporary file on the content's file system, removed when closed (and by the next start).
 *
 * @param size in bytes
 */
public record Spool(Path file, Digest digest, long size) implements AutoCloseable {

    @Override
    public void close() throws IOException {
        Files.deleteIfExists(file);
    }
}
