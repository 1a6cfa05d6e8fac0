package io.berth.execs;

import io.berth.common.Texts;
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
 * nobody else would ever read what it writes. It keeps its slot, as its output keeps its pipes, until that was read or given up.
 */
final class PipeExec {

    private static final int SIGKILL = 9;
    /** Of its arguments: they are only to be shown. */
    private static final int KEPT_CHARACTERS = 2048;

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
        this.args = Texts.shorten(args, KEPT_CHARACTERS);
        this.startedAt = startedAt;
        this.process = process;
        this.slot = slot;
        process.ended()
                .whenComplete((how, failure) ->
                        exit = failure == null ? how : new Exit(Exit.UNKNOWN_CODE, false, Instant.now()));
        process.exit().whenComplete((how, failure) -> slot.close());
    }

    Exec view() {
        return new Exec(id, container, args, false, startedAt, exit);
    }

    ExecId id() {
        return id;
    }

    CompletionStage<Exit> exit() {
        return process.exit();
    }

    /** Whether it has ended and its output was read or given up. */
    boolean isOver() {
        return process.exit().toCompletableFuture().isDone();
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

    /** Ends it, unless somebody has connected: nobody will come any more. */
    void giveUp() {
        if (taken.compareAndSet(false, true)) {
            end();
        }
    }

    /** @return empty-handed ({@code null}) if somebody has connected before, or it was given up */
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
