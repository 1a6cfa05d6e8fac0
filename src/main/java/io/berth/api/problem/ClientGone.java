package io.berth.api.problem;

import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.StreamResetException;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.Set;

/** Tells that nobody is left to be answered. What Berth itself asks of others fails with exceptions of its own. */
final class ClientGone {

    /** What Quarkus and the kernel say of it, for want of a type. */
    private static final Set<String> SAYINGS =
            Set.of("Failed to write", "Read timed out", "Broken pipe", "Connection reset by peer");

    /** What Netty says of a write to an HTTP/2 stream that its client has reset. */
    private static final String STREAM_GONE = "Stream no longer exists";

    private static final int DEEPEST = 8;

    private ClientGone() {}

    static boolean is(Throwable failure) {
        Throwable cause = failure;
        for (int depth = 0; cause != null && depth < DEEPEST; depth++) {
            if (cause instanceof HttpClosedException
                    || cause instanceof StreamResetException
                    || cause instanceof ClosedChannelException
                    || cause instanceof IllegalArgumentException
                            && String.valueOf(cause.getMessage()).startsWith(STREAM_GONE)
                    || cause instanceof IOException && SAYINGS.contains(String.valueOf(cause.getMessage()))) {
                return true;
            }
            cause = cause.getCause();
        }
        return false;
    }
}
