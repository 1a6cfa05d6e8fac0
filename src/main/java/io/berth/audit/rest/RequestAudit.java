package io.berth.audit.rest;

import io.berth.api.auth.Principal;
import io.berth.api.auth.RequestAuthentication;
import io.berth.api.http.ClientAddress;
import io.berth.api.http.FilterOrder;
import io.berth.api.http.RequestDetails;
import io.berth.api.http.RequestId;
import io.berth.api.http.ServerTiming;
import io.berth.api.problem.Problem;
import io.berth.api.problem.ProblemCode;
import io.berth.api.problem.ProblemWriter;
import io.berth.audit.AuditEntry;
import io.berth.audit.AuditIntent;
import io.berth.audit.AuditLog;
import io.berth.audit.RefusalLimit;
import io.berth.common.BerthException;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.quarkus.vertx.http.runtime.security.QuarkusHttpUser;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Clock;
import java.util.OptionalLong;
import java.util.Set;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Records every request to the API that may change something, refused ones too, without its resource knowing: what is about to be
 * done once the caller is known, and what came of it when the answer goes out.
 */
@ApplicationScoped
class RequestAudit {

    private static final Logger LOG = Logger.getLogger(RequestAudit.class);
    private static final Set<String> READING = Set.of("GET", "HEAD", "OPTIONS", "TRACE");
    private static final int FROM_ONE = 30;
    private static final int FROM_ALL = 600;

    private final AuditLog audit;
    private final Operations operations;
    private final ClientAddress addresses;
    private final ProblemWriter problems;
    private final Clock clock;
    private final RefusalLimit limit;

    RequestAudit(AuditLog audit, Operations operations, ClientAddress addresses, ProblemWriter problems, Clock clock) {
        this.audit = audit;
        this.operations = operations;
        this.addresses = addresses;
        this.problems = problems;
        this.clock = clock;
        this.limit = new RefusalLimit(clock, FROM_ONE, FROM_ALL);
    }

    void register(@Observes Filters filters) {
        filters.register(this::watch, FilterOrder.AUDIT);
        filters.register(this::begin, FilterOrder.AUDIT_INTENT);
    }

    private void watch(RoutingContext context) {
        String method = context.request().method().name();
        String path = context.request().path();
        if (path != null && path.startsWith("/api/") && !READING.contains(method)) {
            WatchedRequest request = new WatchedRequest(
                    method,
                    operations.match(method, path),
                    RequestId.of(context),
                    addresses.of(context.request()),
                    context.request().getHeader("User-Agent"));
            context.put(WatchedRequest.KEY, request);
            context.addHeadersEndHandler(
                    head -> finish(context, request, context.response().getStatusCode()));
        }
        context.next();
    }

    private void begin(RoutingContext context) {
        WatchedRequest request = context.get(WatchedRequest.KEY);
        Principal principal = principal(context);
        if (request != null && principal != null) {
            long start = System.nanoTime();
            try {
                request.begun(audit.begin(request.draft(principal, clock.instant())));
            } catch (BerthException unavailable) {
                LOG.debugf("refused unaudited: %s", unavailable.getMessage());
                request.isFirstEnd();
                problems.write(context, Problem.of(unavailable));
                return;
            }
            ServerTiming.add(context, "audit", System.nanoTime() - start);
        }
        context.next();
    }

    /** Records the end, once. */
    void finish(RoutingContext context, WatchedRequest request, int status) {
        if (!request.isFirstEnd()) {
            return;
        }
        AuditEntry.Result result = WatchedRequest.result(status, ProblemCode.of(context));
        request.details().putAll(RequestDetails.of(context));
        AuditIntent intent = request.intent();
        if (intent != null) {
            intent.end(request.object(), result, request.details());
        } else {
            refused(request, principal(context), result);
        }
    }

    /** It was refused before anything could be begun. */
    private void refused(WatchedRequest request, @Nullable Principal principal, AuditEntry.Result result) {
        OptionalLong leftOut = limit.admit(principal == null ? request.source() : principal.credential());
        if (leftOut.isEmpty()) {
            return;
        }
        if (leftOut.getAsLong() > 0) {
            request.details().put("leftOut", Long.toString(leftOut.getAsLong()));
        }
        try {
            var unused = audit.record(request.draft(principal, clock.instant()).withResult(result));
        } catch (BerthException unavailable) {
            LOG.debugf("a refusal is not recorded: %s", unavailable.getMessage());
        }
    }

    private static @Nullable Principal principal(RoutingContext context) {
        return context.user() instanceof QuarkusHttpUser user
                        && user.getSecurityIdentity().getPrincipal() instanceof Principal principal
                ? principal
                : RequestAuthentication.principal(context).orElse(null);
    }
}
