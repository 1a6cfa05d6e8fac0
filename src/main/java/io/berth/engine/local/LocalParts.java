package io.berth.engine.local;

import io.berth.engine.EngineInfo;
import io.berth.engine.bundle.OciConfig;
import io.berth.engine.cgroup.Cgroups;
import io.berth.engine.cgroup.MigrationPrimer;
import io.berth.engine.mount.SharedMounts;
import io.berth.engine.netns.LocalNetworks;
import io.berth.engine.runtime.Conmon;
import io.berth.engine.runtime.OciRuntime;
import io.berth.engine.snapshot.Snapshotter;
import io.berth.engine.stdio.EventLoop;
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
import java.util.Set;
import java.util.function.Supplier;

/** What {@link LocalEngine} is put together from. */
record LocalParts(
        Syscalls syscalls,
        EventLoop loop,
        ContainerFiles files,
        Groups groups,
        Cgroups cgroups,
        MigrationPrimer primer,
        LocalNetworks networks,
        Snapshotter snapshotter,
        RuntimeNamespace runtimeNamespace,
        OciRuntime runtime,
        Conmon conmon,
        OciConfig ociConfig,
        Launcher launcher,
        EndWatch watch,
        Streams streams,
        Usage usage,
        Meters meters,
        ProcessTable processTable,
        Path procRoot,
        Supplier<EngineInfo> hostInfo)
        implements AutoCloseable {

    /** Bounds how many descriptors a signal to many takes. */
    private static final int SIGNALLED_TOGETHER = 256;

    /**
     * Calls when the process has ended that has this number now, at once if there is none or it cannot be watched. Never
     * blocks.
     *
     * @param action is quick, and does no harm if the number was another's
     */
    void whenEnded(int pid, Runnable action) {
        try {
            watch.whenEnded(syscalls.pidfdOpen(pid), action);
        } catch (ErrnoException e) {
            action.run();
        }
    }

    /** Refers to a process; to one that has ended already if there is none with this number any more. */
    Fd pidfd(int pid) throws ErrnoException {
        try {
            return syscalls.pidfdOpen(pid);
        } catch (ErrnoException e) {
            if (e.is("ESRCH")) {
                return ended();
            }
            throw e;
        }
    }

    /**
     * Refers to a process of a container; to one that has ended if the number is another's by now, as one that was written
     * down may be.
     */
    Fd pidfdIn(String cgroup, int pid) throws IOException {
        Fd process = pidfd(pid);
        try {
            // asked once the pidfd is open: what it refers to had the number before this
            if (cgroups.processes(cgroup).contains(pid)) {
                return process;
            }
        } catch (IOException | RuntimeException e) {
            process.close();
            throw e;
        }
        process.close();
        return ended();
    }

    private Fd ended() throws ErrnoException {
        return syscalls.open(Path.of("/dev/null"), Flags.O_RDONLY, 0);
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
                    opened.put(pid, pidfd(pid));
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

    /** Removes what all groups share on the host. */
    void release() throws IOException {
        networks.removeAll();
        cgroups.remove("");
        ReadOnlyProgram.release(syscalls, files.programs());
        RuntimeNamespace.release(syscalls, files.layout());
        Path runDir = files.layout().runDir();
        SharedMounts.release(runDir, syscalls);
        Trees.remove(runDir);
    }

    @Override
    public void close() {
        primer.close();
        networks.close();
        snapshotter.close();
        watch.close();
        streams.close();
        loop.close();
        runtimeNamespace.close();
    }
}
