package io.berth.engine;

import java.nio.ByteBuffer;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** One connection to a {@link FakeProcess}. */
final class FakeStream implements ExecProcess {

    private final FakeLoop loop;
    private final FakeProcess process;
    private final CompletableFuture<Exit> exit = new CompletableFuture<>();
    private @Nullable OutputListener listener;
    private long position;
    private volatile boolean paused;
    private boolean ended;
    private boolean closed;
    private boolean inputClosed;
    private final Set<OutputStreamKind> discarded = EnumSet.noneOf(OutputStreamKind.class);

    FakeStream(FakeLoop loop, FakeProcess process) {
        this.loop = loop;
        this.process = process;
    }

    /** The fake engine refuses at once what it cannot start. */
    @Override
    public CompletionStage<Void> begun() {
        return CompletableFuture.completedStage(null);
    }

    @Override
    public void listen(long since, OutputListener newListener) {
        loop.run(() -> {
            if (listener != null) {
                throw new IllegalStateException("this stream has a listener");
            }
            listener = newListener;
            position = since < 0 ? process.written() : Math.min(since, process.written());
            // what is already there arrives on the loop, not inside this call
            loop.post(this::pump);
        });
    }

    /** Delivers what is there, as far as the reader is willing. */
    void pump() {
        OutputListener to = listener;
        if (to == null || closed || ended) {
            return;
        }
        while (!paused && !closed && position < process.written()) {
            if (position < process.oldest()) {
                position = process.oldest();
                to.lost(position);
                continue;
            }
            FakeProcess.Chunk chunk = process.chunkAt(position);
            if (chunk == null) {
                break;
            }
            int skip = (int) (position - chunk.offset());
            long at = position;
            position = chunk.end();
            if (discarded.contains(chunk.kind())) {
                continue;
            }
            to.output(
                    chunk.kind(),
                    at,
                    ByteBuffer.wrap(chunk.bytes(), skip, chunk.bytes().length - skip)
                            .slice()
                            .asReadOnlyBuffer());
        }
        process.roomChanged();
        if (!paused && !closed && process.ended() && position == process.written()) {
            ended = true;
            to.end();
            exit.complete(process.exit.join());
        }
    }

    boolean listening() {
        return listener != null;
    }

    long position() {
        return position;
    }

    @Override
    public void pause() {
        paused = true;
    }

    @Override
    public void resume() {
        paused = false;
        loop.post(this::pump);
    }

    @Override
    public CompletionStage<Void> write(ByteBuffer bytes) {
        byte[] copy = new byte[bytes.remaining()];
        bytes.get(copy);
        CompletableFuture<Void> sent = new CompletableFuture<>();
        loop.post(() -> {
            if (inputClosed || closed || process.ended()) {
                sent.completeExceptionally(new java.io.IOException("the standard input is closed"));
                return;
            }
            process.input(copy);
            sent.complete(null);
        });
        return sent;
    }

    @Override
    public void closeInput() {
        loop.post(() -> {
            if (!inputClosed) {
                inputClosed = true;
                process.inputEnded();
            }
        });
    }

    @Override
    public void resize(TerminalSize size) {
        loop.post(() -> process.resize(size));
    }

    @Override
    public void signal(int signal) {
        loop.post(() -> process.signal(signal));
    }

    @Override
    public void discard(OutputStreamKind kind) {
        loop.run(() -> discarded.add(kind));
    }

    @Override
    public CompletionStage<Exit> ended() {
        return process.exit;
    }

    @Override
    public CompletionStage<Exit> exit() {
        return exit;
    }

    @Override
    public void close() {
        loop.run(() -> {
            if (!closed) {
                closed = true;
                process.disconnect(this);
                process.exit.thenAccept(exit::complete);
            }
        });
    }
}
