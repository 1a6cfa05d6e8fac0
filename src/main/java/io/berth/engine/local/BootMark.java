package io.berth.engine.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Tells whether the host was booted since the run directory was last used. Usually it lies on a tmpfs and is empty
 * then; where it does not, what it says of processes and mounts is no longer true.
 */
final class BootMark {

    private BootMark() {}

    /** Removes what an earlier boot left. */
    static void clearAfterReboot(Path runDir, Path procRoot) throws IOException {
        Path mark = mark(runDir);
        if (Files.exists(mark) && !Files.readString(mark).strip().equals(bootId(procRoot))) {
            Trees.remove(runDir);
        }
    }

    /** @param runDir must exist */
    static void set(Path runDir, Path procRoot) throws IOException {
        Files.writeString(mark(runDir), bootId(procRoot) + "\n");
    }

    private static Path mark(Path runDir) {
        return runDir.resolve("boot_id");
    }

    private static String bootId(Path procRoot) throws IOException {
        return Files.readString(procRoot.resolve("sys/kernel/random/boot_id")).strip();
    }
}
