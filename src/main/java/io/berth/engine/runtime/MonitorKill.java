package io.berth.engine.runtime;

import io.berth.engine.syscall.ErrnoException;
import io.berth.engine.syscall.Fd;
import io.berth.engine.syscall.Flags;
import io.berth.engine.syscall.Syscalls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Kills a monitor and the runtime that it has started. The runtime asks the kernel to die with its monitor
 * (PR_SET_PDEATHSIG of prctl(2)), but after the fork: of a monitor that is killed in between, it would stay. So the monitor is
 * stopped first. What has stopped neither forks nor reaps, and the numbers of its children stay theirs.
 */
final class MonitorKill {

    private static final int SIGKILL = 9;
    private static final int SIGSTOP = 19;
    private static final long STOP_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long POLL_NANOS = 200_000;
    private static final long END_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final Syscalls syscalls;

    MonitorKill(Syscalls syscalls) {
        this.syscalls = syscalls;
    }

    /**
     * Returns when both have ended, or after some seconds. Nothing happens if there is none.
     *
     * @param pidFile has the monitor's process id, which is believed if the process was given that file
     */
    void run(Path pidFile) {
        try {
            int pid = Integer.parseInt(Files.readString(pidFile).strip());
            try (Fd monitor = syscalls.pidfdOpen(pid)) {
                if (Files.readString(proc(pid, "cmdline")).contains(pidFile.toString())) {
                    run(pid, monitor);
                }
            }
        } catch (IOException | NumberFormatException ended) {
            // there is none, or none any more
        }
    }

    private void run(int pid, Fd monitor) throws IOException {
        List<Fd> children = new ArrayList<>();
        try {
            try {
                syscalls.pidfdSendSignal(monitor, SIGSTOP);
                awaitStop(pid);
                addChildren(pid, children);
            } finally {
                kill(monitor);
                children.forEach(this::kill);
            }
            awaitEnd(monitor);
            for (Fd child : children) {
                awaitEnd(child);
            }
        } finally {
            children.forEach(Fd::close);
        }
    }

    /** Something that hangs in the kernel does not stop; it does not fork either. */
    private static void awaitStop(int pid) throws IOException {
        long deadline = System.nanoTime() + STOP_NANOS;
        while (!hasStopped(pid) && System.nanoTime() < deadline) {
            LockSupport.parkNanos(POLL_NANOS);
        }
    }

    private static boolean hasStopped(int pid) throws IOException {
        String stat = Files.readString(proc(pid, "stat"));
        // the name before it, in parentheses, may hold anything
        return "TZX".indexOf(stat.charAt(stat.lastIndexOf(')') + 2)) >= 0;
    }

    private void addChildren(int pid, List<Fd> children) throws IOException {
        Path file = proc(pid, "task/" + pid + "/children");
        if (Files.exists(file)) { // not every kernel tells
            for (String child : Files.readString(file).strip().split(" ")) {
                if (!child.isEmpty()) {
                    children.add(syscalls.pidfdOpen(Integer.parseInt(child)));
                }
            }
        }
    }

    private void kill(Fd process) {
        try {
            syscalls.pidfdSendSignal(process, SIGKILL);
        } catch (ErrnoException ended) {
            // that is what was wanted
        }
    }

    private void awaitEnd(Fd process) throws ErrnoException {
        try (Fd epoll = syscalls.epollCreate()) {
            syscalls.epollControl(epoll, Flags.EPOLL_CTL_ADD, process, Flags.EPOLLIN, 0);
            syscalls.epollWait(epoll, new long[1], new int[1], END_NANOS);
        }
    }

    private static Path proc(int pid, String file) {
        return Path.of("/proc", Integer.toString(pid), file);
    }
}
