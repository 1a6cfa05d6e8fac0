package io.berth.execs;

import io.berth.engine.ContainerId;
import io.berth.engine.ExecId;
import io.berth.engine.ExecProcess;
import io.berth.engine.Exit;
import io.berth.engine.OutputListener;
import io.berth.engine.ProcessStream;
import io.berth.engine.TerminalSize;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A process on plain pipes. Its output can be read once, by whoever connects first; it ends when that one lets go, because
 * nobody else would ever read what it writes.
 */
final class PipeExec {

    private static final int SIGKILL = 9;

    private final ExecId id;
    private final ContainerId container;
    private final List<String> args;
    private final Instant startedAt;
    private final ExecProcess process;
    private final ExecSlots.Slot slot;
    private final AtomicBoolean taken = new AtomicBoolean();
    private volatile @Nullable Exit exit;

    PipeExec(
            ExecId id,
            ContainerId container,
            List<String> args,
            Instant startedAt,
            ExecProcess process,
            ExecSlots.Slot slot) {
        this.id = id;
        this.container = container;
        this.args = args;
        this.startedAt = startedAt;
        this.process = process;
        this.slot = slot;
    }

    Exec view() {
        return new Exec(id, container, args, false, startedAt, exit);
    }

    boolean isTaken() {
        return taken.get();
    }

    void ended(Exit how) {
        exit = how;
        slot.close();
    }

    CompletionStage<Exit> exit() {
        return process.exit();
    }

    void signal(int signal) {
        process.signal(signal);
    }

    /** Kills it and lets go of its pipes. Repeatable. */
    void end() {
        process.signal(SIGKILL);
        process.close();
        slot.close();
    }

    /** @return empty-handed ({@code null}) if somebody has connected before */
    @Nullable
    ProcessStream connect() {
        return taken.compareAndSet(false, true) ? new Connection() : null;
    }

    /** The process's streams; the end of the connection is the end of the process. */
    private final class Connection implements ProcessStream {

        @Override
        public void listen(long since, OutputListener listener) {
            process.listen(0, listener);
        }

        @Override
        public void pause() {
            process.pause();
        }

        @Override
        public void resume() {
            process.resume();
        }

        @Override
        public CompletionStage<Void> write(ByteBuffer bytes) {
            return process.write(bytes);
        }

        @Override
        public void closeInput() {
            process.closeInput();
        }

        @Override
        public void resize(TerminalSize size) {
            process.resize(size);
        }

        @Override
        public CompletionStage<Exit> exit() {
            return process.exit();
        }

        @Override
        public void close() {
            end();
        }
    }
}
