package io.berth.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** A client of an attach WebSocket that writes to stdin and counts what comes on stdout. */
final class Stream implements AutoCloseable {

    private static final int STDIN = 0;
    private static final int STDOUT = 1;
    private static final int STATUS = 3;
    private static final long DEADLINE_SECONDS = 60;

    private final WebSocket socket;
    private final Counter counter;

    private Stream(WebSocket socket, Counter counter) {
        this.socket = socket;
        this.counter = counter;
    }

    static Stream open(Api api, URI address) throws IOException {
        Counter counter = new Counter();
        return new Stream(
                await(api.http()
                        .newWebSocketBuilder()
                        .header("Authorization", api.authorization())
                        .subprotocols("v5.channel.k8s.io")
                        .buildAsync(address, counter)),
                counter);
    }

    void write(String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        await(socket.sendBinary(
                ByteBuffer.allocate(bytes.length + 1)
                        .put((byte) STDIN)
                        .put(bytes)
                        .flip(),
                true));
    }

    /** Bytes of stdout so far. */
    long received() {
        return counter.received();
    }

    /** Blocks until so many bytes have come, all in all. */
    void awaitReceived(long bytes) throws IOException {
        counter.awaitReceived(bytes);
    }

    /** Blocks until the process has ended and all its output has come. */
    void awaitEnd() throws IOException {
        await(counter.ended);
    }

    @Override
    public void close() {
        socket.abort();
    }

    private static <T> T await(CompletableFuture<T> future) throws IOException {
        try {
            return future.get(DEADLINE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException("the stream failed: " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    /** Counts without keeping anything. A message may come in parts; its first byte is the channel. */
    private static final class Counter implements WebSocket.Listener {

        private final CompletableFuture<Void> ended = new CompletableFuture<>();
        private boolean messageBegins = true;
        private int channel;
        private long received;

        @Override
        public synchronized @Nullable CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
            if (messageBegins && data.hasRemaining()) {
                channel = data.get();
            }
            messageBegins = last;
            if (channel == STDOUT && data.hasRemaining()) {
                received += data.remaining();
                notifyAll();
            } else if (channel == STATUS) {
                ended.complete(null);
            }
            socket.request(1);
            return null;
        }

        @Override
        public synchronized @Nullable CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
            fail(new IOException("closed with " + code + " " + reason));
            return null;
        }

        @Override
        public synchronized void onError(WebSocket socket, Throwable error) {
            fail(error);
        }

        private void fail(Throwable error) {
            ended.completeExceptionally(error); // nothing happens after the regular end
            notifyAll();
        }

        synchronized long received() {
            return received;
        }

        synchronized void awaitReceived(long bytes) throws IOException {
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_SECONDS);
            try {
                while (received < bytes) {
                    if (ended.isCompletedExceptionally() || System.nanoTime() > deadline) {
                        throw new IOException("the stream ended, or stalled, after " + received + " bytes of " + bytes);
                    }
                    wait(1000);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted", e);
            }
        }
    }
}
