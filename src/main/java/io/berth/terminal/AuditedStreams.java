package io.berth.terminal;

import io.berth.api.auth.Principal;
import io.berth.api.http.ClientAddress;
import io.berth.api.http.RequestId;
import io.berth.audit.AuditEntry;
import io.berth.audit.AuditIntent;
import io.berth.audit.AuditLog;
import io.berth.audit.Outcome;
import io.berth.audit.RefusalLimit;
import io.berth.common.BerthException;
import io.berth.common.Ids;
import io.berth.tenants.TenantId;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Writes opened and closed streams into the audit: {@code terminal.open}, {@code terminal.close}. */
@ApplicationScoped
class AuditedStreams implements StreamAudit {

    private static final Logger LOG = Logger.getLogger(AuditedStreams.class);
    private static final String OPEN = "terminal.open";
    private static final String CLOSE = "terminal.close";
    private static final long PATIENCE_SECONDS = 10;
    private static final int REFUSALS_FROM_ONE = 30;
    private static final int REFUSALS_FROM_ALL = 600;

    private final AuditLog audit;
    private final ClientAddress addresses;
    private final Clock clock;
    private final RefusalLimit limit;

    AuditedStreams(AuditLog audit, ClientAddress addresses, Clock clock) {
        this.audit = audit;
        this.addresses = addresses;
        this.clock = clock;
        this.limit = new RefusalLimit(clock, REFUSALS_FROM_ONE, REFUSALS_FROM_ALL);
    }

    @Override
    public Caller caller(RoutingContext context) {
        return new Caller(
                addresses.of(context.request()), context.request().getHeader("User-Agent"), RequestId.of(context));
    }

    @Override
    public Visit begin(Caller caller, Principal principal, StreamTarget target, Role role) {
        AuditEntry.Actor actor = AuditEntry.Actor.of(principal, caller.source(), caller.userAgent());
        AuditEntry.Target object = target.exec() == null
                ? new AuditEntry.Target("container", target.container().value(), null)
                : new AuditEntry.Target("exec", target.exec().value(), null);
        Map<String, String> details = new TreeMap<>();
        details.put("role", role.wireName());
        details.put("container", target.container().value());
        AuditEntry draft = new AuditEntry(
                Ids.next("aud"),
                clock.instant(),
                actor,
                target.tenant(),
                OPEN,
                object,
                AuditEntry.Result.UNKNOWN,
                caller.requestId(),
                details);
        return new AuditedVisit(audit.begin(draft), details);
    }

    @Override
    public void refused(Caller caller, @Nullable Principal principal, StreamDoor.Path path, CloseCode why) {
        var leftOut = limit.admit(principal == null ? caller.source() : principal.credential());
        if (leftOut.isEmpty()) {
            return;
        }
        TenantId tenant = TenantId.isValid(path.tenant()) ? new TenantId(path.tenant()) : null;
        boolean member =
                principal != null && tenant != null && principal.role(tenant).isPresent();
        Map<String, String> details = new TreeMap<>();
        if (tenant != null && !member) {
            details.put("tenant", tenant.value());
        }
        if (leftOut.getAsLong() > 0) {
            details.put("leftOut", Long.toString(leftOut.getAsLong()));
        }
        AuditEntry.Actor actor = principal == null
                ? new AuditEntry.Actor(null, null, caller.source(), caller.userAgent())
                : AuditEntry.Actor.of(principal, caller.source(), caller.userAgent());
        AuditEntry.Target object = path.exec() == null
                ? new AuditEntry.Target("container", null, path.container())
                : new AuditEntry.Target("exec", path.exec(), null);
        try {
            var unused = audit.record(new AuditEntry(
                    Ids.next("aud"),
                    clock.instant(),
                    actor,
                    member ? tenant : null,
                    OPEN,
                    object,
                    refusal(why),
                    caller.requestId(),
                    details));
        } catch (BerthException unavailable) {
            LOG.debugf("a refusal is not recorded: %s", unavailable.getMessage());
        }
    }

    private static AuditEntry.Result refusal(CloseCode why) {
        return new AuditEntry.Result(
                why == CloseCode.INTERNAL ? Outcome.FAILED : Outcome.REFUSED, null, String.valueOf(why.value()));
    }

    private final class AuditedVisit implements Visit {
        private final AuditIntent intent;
        private final Map<String, String> details;
        private final Instant since = clock.instant();

        AuditedVisit(AuditIntent intent, Map<String, String> details) {
            this.intent = intent;
            this.details = details;
        }

        @Override
        public void opened(boolean tookOver) {
            Map<String, String> more = new TreeMap<>(details);
            if (tookOver) {
                more.put("takeover", "true");
            }
            intent.end(intent.begun().object(), AuditEntry.Result.SUCCESS, more);
            try {
                intent.onDisk()
                        .toCompletableFuture()
                        .copy()
                        .orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
                        .join();
            } catch (CompletionException late) {
                throw new StreamRefused(CloseCode.INTERNAL, "the audit cannot be written: try again in a moment");
            }
        }

        @Override
        public void refused(CloseCode why) {
            intent.end(intent.begun().object(), refusal(why), details);
        }

        @Override
        public void closed(@Nullable CloseCode why) {
            Instant now = clock.instant();
            Map<String, String> more = new TreeMap<>(details);
            more.put("opened", intent.begun().id());
            more.put(
                    "seconds",
                    String.format(
                            Locale.ROOT, "%.1f", Duration.between(since, now).toMillis() / 1e3));
            if (why != null) {
                more.put("close", String.valueOf(why.value()));
            }
            AuditEntry begun = intent.begun();
            audit.recordEnd(AuditEntry.of(now, begun.actor(), begun.tenant(), CLOSE, begun.object(), more));
        }
    }
}
