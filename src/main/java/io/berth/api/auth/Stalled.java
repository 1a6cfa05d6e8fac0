package io.berth.api.auth;

import io.netty.channel.ChannelOutboundBuffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.net.impl.ConnectionBase;
import java.time.Duration;

/**
 * Whether a client reads its answer. Something waits to be sent, and none of it leaves for some time: then it does not, and its
 * memory and files are better used. To be asked on the connection's event loop.
 */
final class Stalled {

    private final HttpServerResponse response;
    private final ConnectionBase connection;
    private final long patience;
    private Progress last = new Progress(-1, 0, 0);
    private long since;

    private record Progress(long written, int head, long sentOfHead) {}

    Stalled(HttpServerResponse response, ConnectionBase connection, Duration patience) {
        this.response = response;
        this.connection = connection;
        this.patience = patience.toNanos();
    }

    boolean isStalled(long now) {
        if (response.ended() || response.closed()) {
            return false;
        }
        ChannelOutboundBuffer waiting = connection.channel().unsafe().outboundBuffer();
        boolean waits = response.writeQueueFull() || waiting != null && !waiting.isEmpty();
        Progress present = new Progress(
                response.bytesWritten(),
                waiting == null ? 0 : System.identityHashCode(waiting.current()),
                waiting == null ? 0 : waiting.currentProgress());
        if (!waits || !present.equals(last)) {
            last = present;
            since = now;
            return false;
        }
        return now - since >= patience;
    }
}
