package io.berth.terminal;

import io.quarkus.vertx.http.runtime.filters.QuarkusRequestWrapper;
import io.vertx.core.http.HttpServerRequest;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import org.jboss.logging.Logger;

/**
 * The request that a connection became a WebSocket by. Vert.x calls none of its response's handlers then, so that to Quarkus it
 * is in flight for ever: a stop of the server would wait for it the whole {@code quarkus.shutdown.timeout}, and say that it timed
 * out, even if the WebSocket was closed long ago. There is no public way to tell.
 */
final class UpgradedRequest {

    private static final Logger LOG = Logger.getLogger(UpgradedRequest.class);
    private static final MethodHandle DONE = done();

    private UpgradedRequest() {}

    private static MethodHandle done() {
        try {
            return MethodHandles.privateLookupIn(QuarkusRequestWrapper.class, MethodHandles.lookup())
                    .findVirtual(QuarkusRequestWrapper.class, "done", MethodType.methodType(void.class));
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** Tells that the request is over: what follows on its connection ends by itself when the server stops. */
    static void done(HttpServerRequest request) {
        if (!(request.getCookie(QuarkusRequestWrapper.FAKE_COOKIE_NAME)
                instanceof QuarkusRequestWrapper.QuarkusCookie cookie)) {
            return; // an HTTP server that Quarkus has no part in
        }
        try {
            DONE.invokeExact(cookie.getRequestWrapper());
        } catch (Throwable e) {
            LOG.error("a WebSocket's request stays in flight: a stop of the server will wait for it", e);
        }
    }
}
