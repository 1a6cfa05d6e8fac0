package io.berth.database;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;

/** What PostgreSQL's {@code postmaster.pid} tells of the server process of a cluster. */
record PidFile(Path cluster) {

    private static final int STATUS_LINE = 7;

    private Path file() {
        return cluster.resolve("postmaster.pid");
    }

    /** Whether this process has written that it takes connections. */
    boolean isReady(long pid) throws IOException {
        List<String> lines = lines();
        return lines.size() > STATUS_LINE
                && lines.get(0).strip().equals(Long.toString(pid))
                && lines.get(STATUS_LINE).strip().equals("ready");
    }

    /**
     * The server process that works on this cluster, if there is one. A process that merely got the number of an
     * earlier one is told apart by its working directory.
     */
    OptionalLong livePostmaster() throws IOException {
        List<String> lines = lines();
        if (lines.isEmpty()) {
            return OptionalLong.empty();
        }
        try {
            long pid = Long.parseLong(lines.get(0).strip());
            Path workingDirectory = Files.readSymbolicLink(Path.of("/proc", Long.toString(pid), "cwd"));
            return workingDirectory.equals(cluster.toRealPath()) ? OptionalLong.of(pid) : OptionalLong.empty();
        } catch (NumberFormatException | NoSuchFileException stale) {
            return OptionalLong.empty();
        }
    }

    void delete() throws IOException {
        Files.deleteIfExists(file());
    }

    private List<String> lines() throws IOException {
        try {
            return Files.readAllLines(file());
        } catch (NoSuchFileException none) {
            return List.of();
        }
    }
}
