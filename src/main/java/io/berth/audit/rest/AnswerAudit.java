package io.berth.audit.rest;

import io.berth.api.http.FilterOrder;
import io.berth.api.http.ServerTiming;
import io.berth.audit.AuditIntent;
import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.annotation.Priority;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.ext.Provider;
import java.net.URI;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.spi.ResteasyReactiveContainerRequestContext;
import org.jboss.resteasy.reactive.server.spi.ResteasyReactiveContainerResponseFilter;

/**
 * Takes from an answer what it tells of the thing, and holds back a success until the disk has what was begun. Mostly that was
 * written while the work was done.
 */
@Provider
@Priority(FilterOrder.AUDIT_ANSWER)
class AnswerAudit implements ResteasyReactiveContainerResponseFilter {

    private static final Logger LOG = Logger.getLogger(AnswerAudit.class);
    private static final long PATIENCE_SECONDS = 10;

    private final RequestAudit audit;
    private final Operations operations;
    private final CurrentVertxRequest current;

    AnswerAudit(RequestAudit audit, Operations operations, CurrentVertxRequest current) {
        this.audit = audit;
        this.operations = operations;
        this.current = current;
    }

    @Override
    public void filter(ResteasyReactiveContainerRequestContext request, ContainerResponseContext response) {
        RoutingContext context = current.getCurrent();
        WatchedRequest watched = context == null ? null : context.get(WatchedRequest.KEY);
        if (watched == null) {
            return;
        }
        long start = System.nanoTime();
        watched.answered(
                response.getEntity(), location(response), response.getHeaders().containsKey("Idempotency-Replayed"));
        audit.finish(context, watched, response.getStatus());
        AuditIntent intent = watched.intent();
        CompletableFuture<Void> onDisk = intent == null || response.getStatus() >= 400
                ? CompletableFuture.completedFuture(null)
                : intent.onDisk().toCompletableFuture();
        if (onDisk.isDone()) {
            told(context, start);
            return;
        }
        request.suspend();
        onDisk.copy().orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).whenComplete((done, late) -> {
            if (late != null) {
                LOG.errorf("%s is answered before its audit is on disk", watched.object());
            }
            told(context, start);
            request.resume();
        });
    }

    private static void told(RoutingContext context, long start) {
        ServerTiming.add(context, "audit", System.nanoTime() - start);
    }

    private Optional<Operations.Match> location(ContainerResponseContext response) {
        URI location = response.getLocation();
        return location == null || location.getRawPath() == null
                ? Optional.empty()
                : operations.match("GET", location.getRawPath());
    }
}
