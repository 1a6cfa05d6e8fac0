package io.berth.engine.syscall;

import static io.berth.engine.syscall.Errors.check;
import static io.berth.engine.syscall.LibC.C;

/** Calls on processes. */
final class ProcessCalls {

    int waitpid(int pid) throws ErrnoException {
        // 0 and -1 would reap somebody else's child, the JVM's among them
        requirePid(pid);
        int[] status = new int[1];
        check(() -> "waitpid(" + pid + ")", () -> C.waitpid(pid, status, 0));
        int signal = status[0] & 0x7f;
        return signal == 0 ? (status[0] >> 8) & 0xff : 128 + signal;
    }

    void kill(int pid, int signal) throws ErrnoException {
        requirePid(pid);
        check(() -> "kill(" + pid + ", " + signal + ")", () -> C.kill(pid, signal));
    }

    Fd pidfdOpen(int pid) throws ErrnoException {
        return new OwnedFd(check(() -> "pidfd_open(" + pid + ")", () -> C.syscall(Abi.PIDFD_OPEN, pid, 0, 0, 0)));
    }

    void pidfdSendSignal(Fd pidfd, int signal) throws ErrnoException {
        int number = pidfd.number();
        check(
                () -> "pidfd_send_signal(" + number + ", " + signal + ")",
                () -> C.syscall(Abi.PIDFD_SEND_SIGNAL, number, signal, 0, 0));
    }

    /** Numbers below 1 mean whole groups of processes, or all. */
    private static void requirePid(int pid) {
        if (pid < 1) {
            throw new IllegalArgumentException("not a process id: " + pid);
        }
    }
}
