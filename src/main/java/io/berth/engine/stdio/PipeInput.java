package io.berth.engine.stdio;

import io.berth.engine.syscall.ErrnoException;
import io.berth.engine.syscall.Fd;
import io.berth.engine.syscall.Syscalls;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;

/**
 * Bytes on their way to a process's standard input: copied, kept in order, written as the descriptor takes them. On the
 * event loop only.
 */
final class PipeInput {

    /** A caller that does not wait for its writes is refused beyond this. */
    private static final int MOST_BYTES = 4 << 20;

    private final Syscalls syscalls;
    private final EventLoop loop;
    private final Deque<Chunk> chunks = new ArrayDeque<>();
    private int queued;
    private boolean ending;

    private record Chunk(ByteBuffer bytes, CompletableFuture<Void> written) {}

    PipeInput(Syscalls syscalls, EventLoop loop) {
        this.syscalls = syscalls;
        this.loop = loop;
    }

    /** Copies bytes for the queue, to the heap: direct memory would wait for the collector. May be called anywhere. */
    static ByteBuffer copy(ByteBuffer bytes) {
        return ByteBuffer.allocate(bytes.remaining()).put(bytes.duplicate()).flip();
    }

    void add(ByteBuffer bytes, CompletableFuture<Void> written) {
        if (ending) {
            written.completeExceptionally(new IOException("the standard input is closed"));
        } else if (queued + bytes.remaining() > MOST_BYTES) {
            written.completeExceptionally(new IOException("more than " + MOST_BYTES + " bytes of input wait already"));
        } else if (!bytes.hasRemaining()) {
            written.complete(null);
        } else {
            queued += bytes.remaining();
            chunks.add(new Chunk(bytes, written));
        }
    }

    /** No more is accepted; {@link #isDone} once the rest is written. */
    void end() {
        ending = true;
    }

    boolean isEmpty() {
        return chunks.isEmpty();
    }

    boolean isDone() {
        return ending && chunks.isEmpty();
    }

    /** Writes what the descriptor takes now. */
    void writeTo(Fd fd) throws ErrnoException {
        while (!chunks.isEmpty()) {
            Chunk chunk = chunks.peek();
            ByteBuffer bytes = chunk.bytes();
            ByteBuffer staged = loop.writeBuffer();
            staged.put(bytes.slice(bytes.position(), Math.min(staged.remaining(), bytes.remaining())))
                    .flip();
            int count = syscalls.write(fd, staged);
            if (count == Syscalls.WOULD_BLOCK) {
                return;
            }
            bytes.position(bytes.position() + count);
            queued -= count;
            if (!bytes.hasRemaining()) {
                chunks.poll();
                chunk.written().complete(null);
            }
        }
    }

    void fail(Throwable cause) {
        ending = true;
        queued = 0;
        while (!chunks.isEmpty()) {
            chunks.poll().written().completeExceptionally(cause);
        }
    }
}
