package io.berth.audit.rest;

import io.berth.api.auth.Principal;
import io.berth.api.http.Identified;
import io.berth.audit.AuditEntry;
import io.berth.audit.AuditIntent;
import io.berth.audit.Outcome;
import io.berth.common.Ids;
import io.berth.tenants.TenantId;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** What is known of a request that may change something, from its path to its answer. */
final class WatchedRequest {

    static final String KEY = "berth.audit";

    private final String method;
    private final Operations.@Nullable Match match;
    private final String requestId;
    private final String source;
    private final @Nullable String userAgent;
    private final AtomicBoolean finished = new AtomicBoolean();
    private final Map<String, String> details = new TreeMap<>();
    private volatile @Nullable AuditIntent intent;
    private AuditEntry.Target object;

    WatchedRequest(
            String method,
            Optional<Operations.Match> match,
            String requestId,
            String source,
            @Nullable String userAgent) {
        this.method = method;
        this.match = match.orElse(null);
        this.requestId = requestId;
        this.source = source;
        this.userAgent = userAgent;
        this.object = target(this.match);
    }

    private static AuditEntry.Target target(Operations.@Nullable Match match) {
        if (match == null) {
            return AuditEntry.Target.NONE;
        }
        Operation operation = match.operation();
        if (operation.makes()) {
            return new AuditEntry.Target(operation.objectType(), null, null);
        }
        String last = null;
        for (String value : match.parameters().values()) {
            last = value;
        }
        // ids have an underscore or a digest's colon, and names do not
        boolean id = last != null && (last.indexOf('_') >= 0 || last.startsWith("sha256:"));
        return new AuditEntry.Target(operation.objectType(), id ? last : null, id ? null : last);
    }

    /** The entry as it stands before anything was done. */
    AuditEntry draft(@Nullable Principal principal, Instant now) {
        AuditEntry.Actor actor = principal == null
                ? new AuditEntry.Actor(null, null, source, userAgent)
                : AuditEntry.Actor.of(principal, source, userAgent);
        // without an operation the path may hold anything, and is left out
        String action = match == null
                ? "http." + method.toLowerCase(java.util.Locale.ROOT)
                : match.operation().id();
        return new AuditEntry(
                Ids.next("aud"),
                now,
                actor,
                tenant(principal),
                action,
                object,
                AuditEntry.Result.UNKNOWN,
                requestId,
                details);
    }

    /** Strangers who knock at a tenant's door are the platform's business: its owners need not know their names. */
    private @Nullable TenantId tenant(@Nullable Principal principal) {
        String name = match == null ? null : match.parameters().get("tenant");
        if (name == null || !TenantId.isValid(name)) {
            return null;
        }
        TenantId tenant = new TenantId(name);
        if (principal != null && principal.role(tenant).isPresent()) {
            return tenant;
        }
        details.put("tenant", name);
        return null;
    }

    /** What the answer tells of the thing. */
    void answered(@Nullable Object entity, Optional<Operations.Match> location, boolean replayed) {
        location.ifPresent(this::located);
        if (entity instanceof Identified thing) {
            object = new AuditEntry.Target(object.type(), thing.identity(), thing.identityName());
        }
        if (replayed) {
            details.put("replayed", "true");
        }
    }

    private void located(Operations.Match made) {
        AuditEntry.Target where = target(made);
        if ("operation".equals(where.type()) && where.id() != null) {
            details.put("operation", where.id());
        } else {
            object = new AuditEntry.Target(where.type(), where.id() == null ? where.name() : where.id(), object.name());
        }
    }

    /** The end, which comes once. */
    boolean isFirstEnd() {
        return finished.compareAndSet(false, true);
    }

    static AuditEntry.Result result(int status, @Nullable String code) {
        return new AuditEntry.Result(Outcome.ofStatus(status), status, code);
    }

    AuditEntry.Target object() {
        return object;
    }

    Map<String, String> details() {
        return details;
    }

    String source() {
        return source;
    }

    @Nullable
    AuditIntent intent() {
        return intent;
    }

    void begun(AuditIntent with) {
        intent = with;
    }
}
