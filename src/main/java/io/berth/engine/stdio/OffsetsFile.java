package io.berth.engine.stdio;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What must outlive the server to know the offsets of a log: a file of a few lines, replaced by rename. It need not
 * outlive the host, as no process does, so it is not synced.
 */
record OffsetsFile(@Nullable Generation previous, Generation current) {

    private static final String VERSION = "berth-offsets 1";
    private static final int SIZE_BOUND = 4096;

    /** Empty if there is none, or none that can be understood. */
    static Optional<OffsetsFile> read(Path file) throws IOException {
        String text;
        try (var in = Files.newInputStream(file)) {
            text = new String(in.readNBytes(SIZE_BOUND), StandardCharsets.US_ASCII);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
        String[] lines = text.split("\n", -1);
        if (lines.length < 3 || !lines[0].equals(VERSION)) {
            return Optional.empty();
        }
        try {
            Generation previous = lines[1].equals("none") ? null : generation(lines[1]);
            return Optional.of(new OffsetsFile(previous, generation(lines[2])));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    void write(Path file) throws IOException {
        String text = VERSION + "\n" + (previous == null ? "none" : text(previous)) + "\n" + text(current) + "\n";
        Path temporary = file.resolveSibling(file.getFileName() + ".tmp");
        Files.writeString(temporary, text, StandardCharsets.US_ASCII);
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
    }

    private static String text(Generation generation) {
        return generation.sequence() + " " + generation.inode() + " " + generation.start() + " " + generation.exact();
    }

    private static Generation generation(String line) {
        String[] words = line.split(" ", -1);
        if (words.length != 4) {
            throw new IllegalArgumentException("four words expected: " + line);
        }
        return new Generation(
                Long.parseLong(words[0]),
                Long.parseLong(words[1]),
                Long.parseLong(words[2]),
                Boolean.parseBoolean(words[3]));
    }
}
