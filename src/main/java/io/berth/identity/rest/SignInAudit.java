package io.berth.identity.rest;

import io.berth.api.auth.Principal;
import io.berth.api.http.ClientAddress;
import io.berth.api.http.RequestId;
import io.berth.audit.AuditEntry;
import io.berth.audit.AuditLog;
import io.berth.audit.Outcome;
import io.berth.audit.RefusalLimit;
import io.berth.common.BerthException;
import io.berth.common.Ids;
import io.berth.identity.SessionService.Begun;
import io.berth.identity.SessionService.Ended;
import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Writes who signs in and out on the pages into the audit, with the actions that the same has in the API: {@code beginSession},
 * {@code endSession}. The pages' addresses may hold secrets and are left out.
 */
@ApplicationScoped
class SignInAudit {

    private static final Logger LOG = Logger.getLogger(SignInAudit.class);
    private static final String BEGIN = "beginSession";
    private static final String END = "endSession";
    private static final String PROVIDER = "provider";
    private static final long PATIENCE_SECONDS = 10;
    private static final int REFUSALS_FROM_ONE = 30;
    private static final int REFUSALS_FROM_ALL = 600;

    private final AuditLog audit;
    private final ClientAddress addresses;
    private final CurrentVertxRequest current;
    private final Clock clock;
    private final RefusalLimit limit;

    SignInAudit(AuditLog audit, ClientAddress addresses, CurrentVertxRequest current, Clock clock) {
        this.audit = audit;
        this.addresses = addresses;
        this.current = current;
        this.clock = clock;
        this.limit = new RefusalLimit(clock, REFUSALS_FROM_ONE, REFUSALS_FROM_ALL);
    }

    /**
     * To be called before the browser gets its cookie. Blocks until it is on disk.
     *
     * @param by how: {@code token}, {@code link} or {@code provider}
     * @throws BerthException {@code UNAVAILABLE} if the audit cannot be written
     */
    void began(String by, Begun begun) {
        RoutingContext context = current.getCurrent();
        String session = begun.session().id();
        AuditEntry.Actor actor = new AuditEntry.Actor(begun.subject(), session, source(context), userAgent(context));
        audit.record(entry(context, actor, BEGIN, session, AuditEntry.Result.SUCCESS, Map.of("by", by)))
                .toCompletableFuture()
                .copy()
                .orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
                .join();
    }

    /** Somebody was not let in. */
    void refused(String by, BerthException why) {
        refused(BEGIN, by, why);
    }

    /** Somebody who is not the provider, or the provider in a way that cannot be believed, wanted sessions to end. */
    void logoutRefused(BerthException why) {
        refused(END, PROVIDER, why);
    }

    private void refused(String action, String by, BerthException why) {
        RoutingContext context = current.getCurrent();
        String source = source(context);
        OptionalLong leftOut = limit.admit(source);
        if (leftOut.isEmpty()) {
            return;
        }
        Map<String, String> details = new TreeMap<>(Map.of("by", by));
        if (leftOut.getAsLong() > 0) {
            details.put("leftOut", Long.toString(leftOut.getAsLong()));
        }
        int status = why.code().status();
        record(entry(
                context,
                new AuditEntry.Actor(null, null, source, userAgent(context)),
                action,
                null,
                new AuditEntry.Result(
                        Outcome.ofStatus(status), status, why.code().wireName()),
                details));
    }

    void ended(Principal principal) {
        RoutingContext context = current.getCurrent();
        AuditEntry.Actor actor = AuditEntry.Actor.of(principal, source(context), userAgent(context));
        record(entry(context, actor, END, principal.credential(), AuditEntry.Result.SUCCESS, Map.of()));
    }

    /** The provider has ended its session; it is the provider that the entry's address is of. */
    void endedByProvider(Ended ended) {
        RoutingContext context = current.getCurrent();
        AuditEntry.Actor actor = new AuditEntry.Actor(ended.subject(), ended.id(), source(context), userAgent(context));
        record(entry(context, actor, END, ended.id(), AuditEntry.Result.SUCCESS, Map.of("by", PROVIDER)));
    }

    private void record(AuditEntry entry) {
        try {
            var unused = audit.record(entry);
        } catch (BerthException unavailable) {
            LOG.debugf("%s is not recorded: %s", entry.action(), unavailable.getMessage());
        }
    }

    private AuditEntry entry(
            RoutingContext context,
            AuditEntry.Actor actor,
            String action,
            @Nullable String session,
            AuditEntry.Result result,
            Map<String, String> details) {
        return new AuditEntry(
                Ids.next("aud"),
                clock.instant(),
                actor,
                null,
                action,
                new AuditEntry.Target("session", session, null),
                result,
                RequestId.of(context),
                details);
    }

    private String source(RoutingContext context) {
        return addresses.of(context.request());
    }

    private static @Nullable String userAgent(RoutingContext context) {
        return context.request().getHeader("User-Agent");
    }
}
