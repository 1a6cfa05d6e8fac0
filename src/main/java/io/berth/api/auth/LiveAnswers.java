package io.berth.api.auth;

import io.berth.api.http.FilterOrder;
import io.berth.api.http.HttpConfig;
import io.berth.api.problem.Problem;
import io.berth.api.problem.ProblemWriter;
import io.berth.common.ErrorCode;
import io.berth.common.Places;
import io.berth.tenants.TenantId;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.net.impl.ConnectionBase;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Ends what is being answered when its caller's credential is revoked: followed logs, events, downloads, waits. Only requests that
 * read are cut off; one that changes something was allowed when it began, and is answered.
 *
 * <p>There is room for so many such answers, which tenants and credentials share. A client that does not read its own is cut off.
 */
@ApplicationScoped
class LiveAnswers {

    private static final Logger LOG = Logger.getLogger(LiveAnswers.class);
    private static final String SEEN = "berth.revocations-seen";
    private static final String TENANTS = "/api/v1/tenants/";

    private static final String API = "/api/";
    private static final String RETRY_AFTER = "5";
    private static final int LOOKS = 6;

    private final LiveConnections connections;
    private final ProblemWriter problems;
    private final HttpConfig config;
    private final Places places;

    LiveAnswers(LiveConnections connections, ProblemWriter problems, HttpConfig config) {
        this.connections = connections;
        this.problems = problems;
        this.config = config;
        this.places = new Places(config.liveAnswers());
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
        Principal principal = RequestAuthentication.principal(context).orElse(null);
        if (principal == null
                || context.request().method() != HttpMethod.GET
                || !context.normalizedPath().startsWith(API)
                || RequestAuthentication.isStream(context)) {
            context.next();
            return;
        }
        Places.Answer answer = places.take(principal.party(tenant(context.normalizedPath())), principal.credential());
        if (answer instanceof Places.Full full) {
            context.response().putHeader("Retry-After", RETRY_AFTER);
            problems.write(context, Problem.of(ErrorCode.RATE_LIMITED, "answers under way: " + full.why()));
            return;
        }
        context.addEndHandler(ended -> ((Places.Place) answer).close());
        watch(context, principal);
        context.next();
    }

    private void watch(RoutingContext context, Principal principal) {
        var loop = context.vertx().getOrCreateContext();
        cutOffIfStalled(context);
        Long seen = context.get(SEEN);
        LiveConnections.Connection connection = connections.open(
                principal,
                tenant(context.normalizedPath()),
                seen == null ? 0 : seen,
                () -> loop.runOnContext(ending -> context.response().reset()));
        context.addEndHandler(ended -> connection.close());
    }

    private void cutOffIfStalled(RoutingContext context) {
        HttpServerResponse response = context.response();
        Stalled stalled =
                new Stalled(response, (ConnectionBase) context.request().connection(), config.stalled());
        // on the connection's own event loop, as the filters are
        long timer = context.vertx().setPeriodic(Math.max(1, config.stalled().toMillis() / LOOKS), id -> {
            if (stalled.isStalled(System.nanoTime())) {
                LOG.debugf("cut off, because its client does not read: %s", context.normalizedPath());
                response.reset();
            }
        });
        context.addEndHandler(ended -> context.vertx().cancelTimer(timer));
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
