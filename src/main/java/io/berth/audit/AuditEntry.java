package io.berth.audit;

import io.berth.api.auth.Principal;
import io.berth.api.auth.Subject;
import io.berth.common.Ids;
import io.berth.tenants.TenantId;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What somebody did. Never holds a secret: no bodies, query strings, values of variables, tokens. All text is bounded and
 * without control characters, whoever made it.
 *
 * @param id {@code aud_…}
 * @param at when it was over, to the microsecond
 * @param tenant whose audit it belongs to; {@code null} is the platform's alone
 * @param action the operation's id in the contract, such as {@code createContainer}, or {@code feature.verb}
 * @param details a few more words, such as {@code role=viewer}
 */
public record AuditEntry(
        String id,
        Instant at,
        Actor actor,
        @Nullable TenantId tenant,
        String action,
        Target object,
        Result result,
        @Nullable String requestId,
        Map<String, String> details) {

    private static final int MOST_DETAILS = 16;

    /**
     * Who, and from where.
     *
     * @param subject {@code null} if nobody knows
     * @param credential id of the token or session
     * @param source network address
     */
    public record Actor(
            @Nullable Subject subject,
            @Nullable String credential,
            @Nullable String source,
            @Nullable String userAgent) {

        private static final int MOST_AGENT = 200;

        /** What nobody asked for. */
        public static final Actor SYSTEM = new Actor(Subject.SYSTEM, null, null, null);

        public Actor {
            credential = AuditText.bounded(credential, 64);
            source = AuditText.bounded(source, 64);
            userAgent = AuditText.bounded(userAgent, MOST_AGENT);
        }

        public static Actor of(Principal principal, @Nullable String source, @Nullable String userAgent) {
            return new Actor(principal.subject(), principal.credential(), source, userAgent);
        }
    }

    /** The thing it was done to, as far as it is known. */
    public record Target(
            @Nullable String type,
            @Nullable String id,
            @Nullable String name) {

        public static final Target NONE = new Target(null, null, null);

        public Target {
            type = AuditText.bounded(type, 64);
            id = AuditText.bounded(id, 128);
            name = AuditText.bounded(name, 256);
        }
    }

    /**
     * @param status of the HTTP response
     * @param code why not: of the problem document, or the close code of a stream
     */
    public record Result(
            Outcome outcome,
            @Nullable Integer status,
            @Nullable String code) {

        public static final Result SUCCESS = new Result(Outcome.SUCCESS, null, null);
        public static final Result UNKNOWN = new Result(Outcome.UNKNOWN, null, null);

        public Result {
            code = AuditText.bounded(code, 64);
        }
    }

    public AuditEntry {
        at = at.truncatedTo(ChronoUnit.MICROS);
        requestId = AuditText.bounded(requestId, 128);
        TreeMap<String, String> sorted = new TreeMap<>();
        details.forEach((key, value) -> {
            if (sorted.size() < MOST_DETAILS) {
                sorted.put(AuditText.clean(key, 32), AuditText.clean(value, 256));
            }
        });
        details = Collections.unmodifiableMap(sorted);
    }

    /** An entry about something that has succeeded. */
    public static AuditEntry of(
            Instant at,
            Actor actor,
            @Nullable TenantId tenant,
            String action,
            Target object,
            Map<String, String> details) {
        return new AuditEntry(Ids.next("aud"), at, actor, tenant, action, object, Result.SUCCESS, null, details);
    }

    /** The same at its end. */
    public AuditEntry ended(Instant when, Target what, Result with, Map<String, String> more) {
        return new AuditEntry(id, when, actor, tenant, action, what, with, requestId, more);
    }

    public AuditEntry withResult(Result with) {
        return new AuditEntry(id, at, actor, tenant, action, object, with, requestId, details);
    }
}
