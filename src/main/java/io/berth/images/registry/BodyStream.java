package io.berth.images.registry;

import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A response's body, read by a blocking thread while the event loop receives it. Only a few buffers are asked for ahead,
 * so memory stays bounded and the peer is slowed down by TCP.
 */
final class BodyStream extends InputStream {

    private static final int AHEAD = 16;

    private sealed interface Event {}

    private record Data(Buffer buffer) implements Event {}

    private record End() implements Event {}

    private record Failure(Throwable cause) implements Event {}

    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>(); // bounded by what is fetched
    private final HttpClientResponse response;
    private final Context context;
    private final Duration idleTimeout;
    private Buffer present = Buffer.buffer();
    private int at;
    private boolean ended;

    /** Must be made on the event loop that delivers the response, before it delivers more. */
    BodyStream(HttpClientResponse response, Context context, Duration idleTimeout) {
        this.response = response;
        this.context = context;
        this.idleTimeout = idleTimeout;
        response.pause();
        response.handler(buffer -> events.add(new Data(buffer)));
        response.endHandler(nothing -> events.add(new End()));
        response.exceptionHandler(cause -> events.add(new Failure(cause)));
        response.fetch(AHEAD);
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        while (at == present.length()) {
            if (ended || !next()) {
                return -1;
            }
        }
        int n = Math.min(length, present.length() - at);
        present.getBytes(at, at + n, buffer, offset);
        at += n;
        return n;
    }

    private boolean next() throws IOException {
        Event event;
        try {
            event = events.poll(idleTimeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while receiving");
        }
        if (event == null) {
            throw new IOException("nothing was received for " + idleTimeout.toSeconds() + " s");
        }
        if (event instanceof Failure failure) {
            throw new IOException("the connection failed: " + failure.cause().getMessage(), failure.cause());
        }
        if (event instanceof Data data) {
            present = data.buffer();
            at = 0;
            context.runOnContext(nothing -> response.fetch(1));
            return true;
        }
        ended = true;
        return false;
    }

    /** Gives the connection back, or up if the body was not read to its end. */
    @Override
    public void close() {
        if (!ended && !(events.peek() instanceof End)) {
            ended = true;
            context.runOnContext(nothing -> response.request().reset());
        }
    }
}
