package io.berth.engine.local;

import io.berth.engine.runtime.OciRuntime;
import io.berth.engine.syscall.ErrnoException;
import io.berth.engine.syscall.Flags;
import io.berth.engine.syscall.Syscalls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A runtime's program behind a read-only mount. So that a container cannot overwrite it through {@code /proc/self/exe}
 * (CVE-2019-5736), crun and runc start themselves a second time from a read-only copy, at every command; unless they
 * find, by a mark in the environment ({@link OciRuntime#ENVIRONMENT}) and by the mount, that they were started from one. That halves the time their
 * commands take.
 */
final class ReadOnlyProgram {

    private ReadOnlyProgram() {}

    /**
     * Mounts the program read-only.
     *
     * @param program as installed
     * @param directory of the run directory, for this alone
     * @return where to start it from
     */
    static Path mount(Syscalls syscalls, Path program, Path directory) throws IOException {
        Path target = directory.resolve(program.getFileName());
        Files.createDirectories(directory);
        if (Files.exists(target)) {
            unmount(syscalls, target); // the package may have been upgraded since
        } else {
            Files.createFile(target);
        }
        syscalls.mountReadOnly(program.toRealPath(), target);
        return target;
    }

    private static void unmount(Syscalls syscalls, Path target) throws ErrnoException {
        try {
            syscalls.umount(target, Flags.MNT_DETACH);
        } catch (ErrnoException e) {
            if (!e.is("EINVAL")) { // not mounted
                throw e;
            }
        }
    }

    static void release(Syscalls syscalls, Path directory) throws IOException {
        if (Files.isDirectory(directory)) {
            try (var programs = Files.list(directory)) {
                for (Path program : programs.toList()) {
                    unmount(syscalls, program);
                }
            }
        }
    }
}
