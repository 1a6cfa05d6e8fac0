package io.berth.engine.local;

import io.berth.engine.Exit;
import io.berth.engine.GroupId;
import io.berth.engine.cgroup.Cgroups;
import io.berth.engine.syscall.ErrnoException;
import io.berth.engine.syscall.Fd;
import io.berth.engine.syscall.Syscalls;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/**
 * A conmon that runs, or did: its process, and the exit file it leaves. Watching the process rather than the file also
 * tells when a monitor was killed and leaves none.
 *
 * @param pidFile holds conmon's process id
 * @param exitFile holds the exit code, once the process it monitors has ended
 */
record Monitor(Path pidFile, Path exitFile) {

    /**
     * A descriptor that becomes readable when the monitor ends; empty if it has ended already. A process that merely got
     * the same number is told apart by its command line, which names the bundle.
     */
    Optional<Fd> watch(Syscalls syscalls, Path procRoot) throws IOException {
        Optional<Integer> pid = pid();
        if (pid.isEmpty()) {
            return Optional.empty();
        }
        Fd process;
        try {
            process = syscalls.pidfdOpen(pid.get());
        } catch (ErrnoException e) {
            if (e.is("ESRCH")) {
                return Optional.empty();
            }
            throw e;
        }
        if (!isOurs(procRoot.resolve(Integer.toString(pid.get())).resolve("cmdline"))) {
            process.close();
            return Optional.empty();
        }
        return Optional.of(process);
    }

    /**
     * Lets the group pay for what it does from now on, such as log what the container writes. Only for one that has set its
     * process up: its runtime holds locks of the whole host, and must not be stopped halfway because the group's time is
     * spent.
     */
    void chargeTo(GroupId group, Cgroups cgroups) throws IOException {
        Optional<Integer> pid = pid();
        if (pid.isPresent()) {
            cgroups.charge(group.value(), pid.get());
        }
    }

    Optional<Integer> pid() throws IOException {
        try {
            return Optional.of(Integer.parseInt(Files.readString(pidFile).strip()));
        } catch (java.nio.file.NoSuchFileException | NumberFormatException e) {
            return Optional.empty();
        }
    }

    /** What it recorded; empty if it was killed before it could. */
    Optional<Exit> exit(boolean oomKilled) throws IOException {
        try {
            int code = Integer.parseInt(Files.readString(exitFile).strip());
            Instant at = Files.getLastModifiedTime(exitFile).toInstant();
            return Optional.of(new Exit(code & 0xFF, oomKilled, at));
        } catch (java.nio.file.NoSuchFileException | NumberFormatException e) {
            return Optional.empty();
        }
    }

    private boolean isOurs(Path commandLine) {
        try {
            return Files.readString(commandLine, StandardCharsets.ISO_8859_1).contains(pidFile.toString());
        } catch (IOException gone) {
            return false;
        }
    }
}
