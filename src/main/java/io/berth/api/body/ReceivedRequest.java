package io.berth.api.body;

import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.impl.HttpServerRequestInternal;
import io.vertx.core.http.impl.HttpServerRequestWrapper;
import io.vertx.ext.web.RoutingContext;
import java.lang.reflect.Field;

/**
 * An HTTP/2 request that has been read to its end: to pause it, or to listen to what comes, does nothing. Vert.x throws at both
 * ("Request has already been read"), and RESTEasy pauses every request that it is given, although it then takes the body from its
 * context. HTTP/1 requests do not mind.
 */
final class ReceivedRequest extends HttpServerRequestWrapper {

    private static final Field DELEGATE = delegate();

    private ReceivedRequest(HttpServerRequestInternal request) {
        super(request);
    }

    /** There is no other way to put a request into a routing context than under the wrapper that the context has made. */
    static void standIn(RoutingContext context) {
        if (context.request().version() != HttpVersion.HTTP_2
                || !(context.request() instanceof HttpServerRequestWrapper wrapper)) {
            return;
        }
        try {
            DELEGATE.set(wrapper, new ReceivedRequest((HttpServerRequestInternal) DELEGATE.get(wrapper)));
        } catch (IllegalAccessException e) {
            throw new IllegalStateException("it was made accessible", e);
        }
    }

    private static Field delegate() {
        try {
            Field field = HttpServerRequestWrapper.class.getDeclaredField("delegate");
            field.setAccessible(true);
            return field;
        } catch (NoSuchFieldException e) {
            throw new IllegalStateException("this is another Vert.x than the one Berth was written for", e);
        }
    }

    @Override
    public HttpServerRequest pause() {
        return this;
    }

    @Override
    public HttpServerRequest resume() {
        return this;
    }

    @Override
    public HttpServerRequest fetch(long amount) {
        return this;
    }

    @Override
    public HttpServerRequest handler(Handler<Buffer> handler) {
        return this;
    }

    @Override
    public HttpServerRequest endHandler(Handler<Void> handler) {
        return this;
    }
}
