package io.berth.engine.cgroup;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads and writes the small text files of a cgroup. */
final class CgroupFiles {

    private CgroupFiles() {}

    /** One write(2), as the kernel wants it; never makes the file. */
    static void write(Path file, String value) throws IOException {
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            channel.write(ByteBuffer.wrap(value.getBytes(StandardCharsets.US_ASCII)));
        } catch (NoSuchFileException missing) {
            throw missing;
        } catch (IOException refused) {
            if (!Files.exists(file)) {
                throw gone(file, refused);
            }
            throw new IOException("cannot write '" + value + "' to " + file + ": " + refused.getMessage(), refused);
        }
    }

    private static NoSuchFileException gone(Path file, IOException cause) {
        NoSuchFileException gone = new NoSuchFileException(file.toString());
        gone.initCause(cause);
        return gone;
    }

    /** Like {@link #write}, but does nothing if the cgroup is gone. */
    static void writeIfThere(Path file, String value) throws IOException {
        try {
            write(file, value);
        } catch (NoSuchFileException gone) {
            // as wanted: nothing is left that could be told
        }
    }

    /**
     * @throws NoSuchFileException if the cgroup is gone, also when it vanishes during the read (ENODEV)
     */
    static String read(Path file) throws IOException {
        try {
            return Files.readString(file).strip();
        } catch (NoSuchFileException missing) {
            throw missing;
        } catch (IOException failed) {
            if (Files.exists(file)) {
                throw failed;
            }
            throw gone(file, failed);
        }
    }

    /** The file's text, or empty if there is no such file or its cgroup is gone. */
    static Optional<String> find(Path file) throws IOException {
        try {
            return Optional.of(read(file));
        } catch (NoSuchFileException missing) {
            return Optional.empty();
        }
    }

    static long readLong(Path file) throws IOException {
        String text = read(file);
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new IOException(file + " holds no number but '" + text + "'", e);
        }
    }

    /** Like {@link #readLong}, 0 if there is no such file: the controller is not there. */
    static long readLongOrZero(Path file) throws IOException {
        return Files.exists(file) ? readLong(file) : 0;
    }

    /** The number after a key in lines of {@code key number}; 0 if the key is missing. */
    static long keyed(String text, String key) {
        return text.lines()
                .filter(line -> line.startsWith(key) && line.startsWith(" ", key.length()))
                .mapToLong(
                        line -> Long.parseLong(line.substring(key.length() + 1).strip()))
                .findFirst()
                .orElse(0);
    }

    /**
     * Moves a process, with all its threads, into a cgroup, which is made if need be.
     *
     * @throws NoSuchFileException if the parent of the cgroup is gone
     */
    static void join(Path directory, int pid) throws IOException {
        if (!Files.exists(directory)) {
            try {
                Files.createDirectory(directory);
            } catch (FileAlreadyExistsException otherwiseMade) {
                // by another thread, just now
            }
        }
        try {
            write(directory.resolve("cgroup.procs"), Integer.toString(pid));
        } catch (IOException refused) {
            if (!String.valueOf(refused.getMessage()).endsWith("No such process")) {
                throw refused;
            }
        }
    }

    /** Process ids in {@code cgroup.procs}; none if the cgroup is gone. */
    static List<Integer> processes(Path directory) throws IOException {
        List<Integer> pids = new ArrayList<>();
        find(directory.resolve("cgroup.procs")).orElse("").lines().forEach(line -> {
            int pid = Integer.parseInt(line);
            // 0 stands for a process of a foreign pid namespace, but to kill(2) it means this very process's group
            if (pid > 0) {
                pids.add(pid);
            }
        });
        return pids;
    }
}
