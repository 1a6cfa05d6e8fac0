package io.berth.api.auth;

import io.berth.api.http.FilterOrder;
import io.berth.tenants.TenantId;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import org.jspecify.annotations.Nullable;

/**
 * Ends what is being answered when its caller's credential is revoked: followed logs, events, downloads, waits. Only requests that
 * read are cut off; one that changes something was allowed when it began, and is answered.
 */
@ApplicationScoped
class LiveAnswers {

    private static final String SEEN = "berth.revocations-seen";
    private static final String TENANTS = "/api/v1/tenants/";

    private final LiveConnections connections;

    LiveAnswers(LiveConnections connections) {
        this.connections = connections;
    }

    void register(@Observes Filters filters) {
        filters.register(this::arrived, FilterOrder.BEFORE_AUTHENTICATION);
        filters.register(this::authenticated, FilterOrder.LIVE_ANSWERS);
    }

    private void arrived(RoutingContext context) {
        context.put(SEEN, connections.revocations());
        context.next();
    }

    private void authenticated(RoutingContext context) {
        if (context.request().method() == HttpMethod.GET && !RequestAuthentication.isWebSocketUpgrade(context)) {
            RequestAuthentication.principal(context).ifPresent(principal -> watch(context, principal));
        }
        context.next();
    }

    private void watch(RoutingContext context, Principal principal) {
        var loop = context.vertx().getOrCreateContext();
        Long seen = context.get(SEEN);
        LiveConnections.Connection connection = connections.open(
                principal,
                tenant(context.normalizedPath()),
                seen == null ? 0 : seen,
                () -> loop.runOnContext(ending -> context.response().reset()));
        context.addEndHandler(ended -> connection.close());
    }

    private static @Nullable TenantId tenant(String path) {
        if (!path.startsWith(TENANTS)) {
            return null;
        }
        int end = path.indexOf('/', TENANTS.length());
        String name = path.substring(TENANTS.length(), end < 0 ? path.length() : end);
        return TenantId.isValid(name) ? new TenantId(name) : null;
    }
}
