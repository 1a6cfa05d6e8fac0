package io.berth.engine.local;

import io.berth.engine.cgroup.Cgroups;
import io.berth.engine.syscall.ErrnoException;
import io.berth.engine.syscall.Fd;
import io.berth.engine.syscall.Flags;
import io.berth.engine.syscall.Syscalls;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jboss.logging.Logger;

/**
 * Reaches processes by pidfd_open(2), so that one which got the number of another that has ended is never meant. Opened for each
 * use: descriptors that are kept are copied and closed again at each start of a program.
 */
record Pidfds(Syscalls syscalls, Cgroups cgroups, EndWatch watch) {

    private static final Logger LOG = Logger.getLogger(Pidfds.class);

    /** Bounds how many descriptors a signal to many takes. */
    private static final int SIGNALLED_TOGETHER = 256;

    /** Calls when a process of a container has ended; at once if it has, or cannot be watched. @param action is quick */
    void whenEnded(String cgroup, int pid, Runnable action) {
        Optional<Fd> process;
        try {
            process = openIn(cgroup, pid);
        } catch (IOException e) {
            LOG.warnf(e, "the end of process %d cannot be watched: it is taken to be there", pid);
            process = Optional.empty();
        }
        if (process.isPresent()) {
            watch.whenEnded(process.get(), action);
        } else {
            action.run();
        }
    }

    /** Refers to a process; to one that has ended already if there is none with this number any more. */
    Fd open(int pid) throws ErrnoException {
        try {
            return syscalls.pidfdOpen(pid);
        } catch (ErrnoException e) {
            if (e.is("ESRCH")) {
                return syscalls.open(Path.of("/dev/null"), Flags.O_RDONLY, 0);
            }
            throw e;
        }
    }

    /** Refers to a process of a container; empty if it has ended, though the number may be another's by now. */
    Optional<Fd> openIn(String cgroup, int pid) throws IOException {
        Fd process;
        try {
            process = syscalls.pidfdOpen(pid);
        } catch (ErrnoException e) {
            if (e.is("ESRCH")) {
                return Optional.empty();
            }
            throw e;
        }
        try {
            // asked once the pidfd is open: what it refers to had the number before this
            if (cgroups.processes(cgroup).contains(pid)) {
                return Optional.of(process);
            }
        } catch (IOException | RuntimeException e) {
            process.close();
            throw e;
        }
        process.close();
        return Optional.empty();
    }

    /** Signals a process of a container, unless it has ended and the number is another's by now. */
    void signalIn(String cgroup, int pid, int signal) throws IOException {
        signalIn(cgroup, List.of(pid), signal);
    }

    /** As {@link #signalIn(String, int, int)}, for many: it is not for each that the cgroup is read. */
    void signalIn(String cgroup, Collection<Integer> pids, int signal) throws IOException {
        Map<Integer, Fd> opened = new HashMap<>();
        for (Iterator<Integer> left = pids.iterator(); left.hasNext(); opened.clear()) {
            try {
                while (left.hasNext() && opened.size() < SIGNALLED_TOGETHER) {
                    int pid = left.next();
                    opened.put(pid, open(pid));
                }
                Set<Integer> inside = Set.copyOf(cgroups.processes(cgroup));
                for (Map.Entry<Integer, Fd> process : opened.entrySet()) {
                    if (inside.contains(process.getKey())) {
                        signal(process.getValue(), signal);
                    }
                }
            } finally {
                opened.values().forEach(Fd::close);
            }
        }
    }

    /** Sends a signal to a process, which may have ended. */
    void signal(Fd process, int signal) throws ErrnoException {
        try {
            syscalls.pidfdSendSignal(process, signal);
        } catch (ErrnoException e) {
            if (!e.is("ESRCH") && !e.is("EBADF")) {
                throw e;
            }
        }
    }
}
