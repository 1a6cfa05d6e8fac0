package io.berth.engine.runtime;

import io.berth.engine.EngineException;
import io.berth.engine.EngineException.Reason;
import io.berth.engine.syscall.ErrnoException;
import io.berth.engine.syscall.Fd;
import io.berth.engine.syscall.Flags;
import io.berth.engine.syscall.Syscalls;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Runs a runtime's short commands, such as {@code crun start}. On the path of every create, so it spawns directly: a
 * third of the cost of {@link ProcessBuilder}.
 */
public final class RuntimeCommand {

    private static final Duration DEADLINE = Duration.ofSeconds(30);
    private static final int SIGKILL = 9;

    private final Syscalls syscalls;

    public RuntimeCommand(Syscalls syscalls) {
        this.syscalls = syscalls;
    }

    /**
     * Runs a command to its end.
     *
     * @throws EngineException with what it complained of, if it failed or took longer than 30 seconds
     */
    public void run(List<String> command) {
        try {
            Fd[] pipe = syscalls.pipe();
            try (Fd complaint = pipe[0];
                    Fd stderr = pipe[1]) {
                int pid = syscalls.spawn(command, OciRuntime.ENVIRONMENT, Map.of(2, stderr));
                stderr.close();
                try {
                    awaitEnd(command, pid);
                } catch (ErrnoException e) {
                    syscalls.kill(pid, SIGKILL);
                    syscalls.waitpid(pid);
                    throw e;
                }
                int code = syscalls.waitpid(pid);
                if (code != 0) {
                    throw RuntimeErrors.translate(text(complaint, String.join(" ", command) + " exited with " + code));
                }
            }
        } catch (ErrnoException e) {
            throw new EngineException(Reason.INTERNAL, "could not run " + command.get(0), e);
        }
    }

    private void awaitEnd(List<String> command, int pid) throws ErrnoException {
        try (Fd process = syscalls.pidfdOpen(pid);
                Fd epoll = syscalls.epollCreate()) {
            syscalls.epollControl(epoll, Flags.EPOLL_CTL_ADD, process, Flags.EPOLLIN, 0);
            if (syscalls.epollWait(epoll, new long[1], new int[1], DEADLINE.toNanos()) == 0) {
                syscalls.pidfdSendSignal(process, SIGKILL);
                syscalls.waitpid(pid);
                throw new EngineException(
                        Reason.INTERNAL, String.join(" ", command) + " did not end within " + DEADLINE);
            }
        }
    }

    private String text(Fd complaint, String otherwise) throws ErrnoException {
        syscalls.setNonBlocking(complaint, true); // whoever inherited the other end must not hold us up
        ByteBuffer buffer = ByteBuffer.allocateDirect(8192);
        int count = syscalls.read(complaint, buffer);
        if (count <= 0) {
            return otherwise;
        }
        return StandardCharsets.UTF_8.decode(buffer.flip()).toString();
    }
}
