package io.berth.engine.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.berth.engine.EngineException;
import io.berth.engine.syscall.Fd;
import io.berth.engine.syscall.Flags;
import io.berth.engine.syscall.JnrSyscalls;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExecFifoIT {

    private final JnrSyscalls syscalls = new JnrSyscalls();
    private final ExecFifo gate = new ExecFifo(syscalls);

    @TempDir
    Path state;

    @Test
    void letsAWaitingProcessGoAndRemovesTheFifo() throws Exception {
        Path fifo = makeFifo();
        try (Fd waiting = syscalls.open(fifo, Flags.O_RDONLY | Flags.O_NONBLOCK, 0)) {
            assertThat(ExecFifo.isClosed(state)).isTrue();

            gate.open(state);

            assertThat(syscalls.read(waiting, ByteBuffer.allocateDirect(8))).isEqualTo(1);
        }
        assertThat(fifo).doesNotExist();
        assertThat(ExecFifo.isClosed(state)).isFalse();
    }

    @Test
    void refusesASecondStart() throws Exception {
        try (Fd waiting = syscalls.open(makeFifo(), Flags.O_RDONLY | Flags.O_NONBLOCK, 0)) {
            gate.open(state);

            assertThatThrownBy(() -> gate.open(state)).satisfies(ExecFifoIT::isWrongState);
        }
    }

    @Test
    void refusesWhenNobodyWaitsAnyMore() throws Exception {
        makeFifo();

        assertThatThrownBy(() -> gate.open(state)).satisfies(ExecFifoIT::isWrongState);
    }

    private Path makeFifo() throws Exception {
        Path fifo = state.resolve("exec.fifo");
        assertThat(new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor())
                .isZero();
        assertThat(Files.exists(fifo)).isTrue();
        return fifo;
    }

    private static void isWrongState(Throwable thrown) {
        assertThat(thrown)
                .isInstanceOfSatisfying(
                        EngineException.class,
                        e -> assertThat(e.reason()).isEqualTo(EngineException.Reason.WRONG_STATE));
    }
}
