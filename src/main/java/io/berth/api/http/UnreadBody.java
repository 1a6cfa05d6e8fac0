package io.berth.api.http;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.RoutingContext;

/** What becomes of a body that is still on its way when its request is answered. */
public final class UnreadBody {

    /** Until then what comes is thrown away: a connection closed on data that nobody has read may lose the answer. */
    private static final long LINGER_MILLIS = 2000;

    private static final long NO_ERROR = 0;

    private UnreadBody() {}

    /**
     * To be called before the answer: the request ends with it. HTTP/2 resets the stream alone, HTTP/1 closes the connection, since
     * nothing else tells the client to stop.
     *
     * @see <a href="https://www.rfc-editor.org/rfc/rfc9113#section-8.1">RFC 9113 §8.1</a>
     */
    public static void endWithAnswer(RoutingContext context) {
        HttpServerRequest request = context.request();
        if (request.isEnded()) {
            return;
        }
        if (request.version() == HttpVersion.HTTP_2) {
            context.addEndHandler(answered -> context.response().reset(NO_ERROR));
            return;
        }
        if (!context.response().headWritten()) {
            context.response().putHeader("Connection", "close");
        }
        context.addEndHandler(answered -> {
            if (request.isEnded()) {
                request.connection().close();
                return;
            }
            request.pause();
            request.exceptionHandler(gone -> {});
            request.endHandler(end -> request.connection().close());
            request.handler(thrownAway -> {});
            request.resume();
            context.vertx().setTimer(LINGER_MILLIS, late -> request.connection().close());
        });
    }
}
