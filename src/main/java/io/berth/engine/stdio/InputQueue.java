package io.berth.engine.stdio;

import io.berth.engine.syscall.ErrnoException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Input on its way to the attach socket. {@link #offer} may be called from any thread, the rest on the event loop. */
final class InputQueue {

    /** What may wait here. A caller that waits for its writes never comes near. */
    private static final long BOUND = 1 << 20;

    private record Entry(ByteBuffer bytes, CompletableFuture<Void> written) {}

    private final Queue<Entry> entries = new ArrayDeque<>();
    private final AtomicLong waiting = new AtomicLong();
    private boolean ending;
    private boolean ended;
    private @Nullable IOException failure;

    /** What {@link #offer} made of some bytes: added to the queue by {@code enqueue} on the event loop, if not null. */
    record Offer(CompletionStage<Void> written, @Nullable Runnable enqueue) {}

    Offer offer(ByteBuffer bytes) {
        int length = bytes.remaining();
        if (length == 0) {
            // an empty message would end the input
            return new Offer(CompletableFuture.completedStage(null), null);
        }
        if (waiting.addAndGet(length) > BOUND) {
            waiting.addAndGet(-length);
            return new Offer(
                    CompletableFuture.failedStage(
                            new IOException(
                                    "more than " + BOUND
                                            + " bytes of input are waiting for the process to read; wait until earlier writes are done")),
                    null);
        }
        ByteBuffer copy = ByteBuffer.allocate(length).put(bytes.duplicate()).flip();
        CompletableFuture<Void> written = new CompletableFuture<>();
        return new Offer(written, () -> enqueue(new Entry(copy, written)));
    }

    private void enqueue(Entry entry) {
        if (failure == null && !ending) {
            entries.add(entry);
        } else {
            waiting.addAndGet(-entry.bytes.remaining());
            entry.written.completeExceptionally(
                    failure == null ? new IOException("the input of the process is closed") : failure);
        }
    }

    /** Ends the input after what is in the queue. */
    void end() {
        ending = true;
    }

    /** Whether something is to be done when the socket takes more. */
    boolean wantsToWrite() {
        return failure == null && (!entries.isEmpty() || (ending && !ended));
    }

    /** Sends what the socket takes. */
    void flush(AttachSocket socket) {
        if (failure != null) {
            return;
        }
        try {
            while (!entries.isEmpty()) {
                if (!send(socket, entries.element())) {
                    return;
                }
            }
            if (ending && !ended) {
                ended = true;
                socket.endInput();
            }
        } catch (ErrnoException e) {
            fail(new IOException("the process takes no more input", e));
        }
    }

    private boolean send(AttachSocket socket, Entry entry) throws ErrnoException {
        ByteBuffer direct = Scratch.ofThisThread().message;
        int length = Math.min(entry.bytes.remaining(), Scratch.MESSAGE);
        direct.clear();
        direct.put(entry.bytes.duplicate().limit(entry.bytes.position() + length))
                .flip();
        if (!socket.write(direct)) {
            return false;
        }
        entry.bytes.position(entry.bytes.position() + length);
        waiting.addAndGet(-length);
        if (!entry.bytes.hasRemaining()) {
            entries.remove();
            entry.written.complete(null);
        }
        return true;
    }

    /** Nothing can be sent any more. */
    void fail(IOException reason) {
        if (failure == null) {
            failure = reason;
            Entry entry;
            while ((entry = entries.poll()) != null) {
                waiting.addAndGet(-entry.bytes.remaining());
                entry.written.completeExceptionally(reason);
            }
        }
    }
}
