package io.berth.audit.rest;

import io.berth.audit.AuditQuery;
import io.berth.audit.Outcome;
import io.berth.common.BerthException;
import io.berth.tenants.TenantId;
import jakarta.ws.rs.QueryParam;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.NullUnmarked;
import org.jspecify.annotations.Nullable;

/** What may be asked of the audit. */
@NullUnmarked
class AuditParameters {

    private static final int MOST = 256;
    // what the database's timestamps can hold
    private static final Instant EARLIEST = Instant.parse("0001-01-01T00:00:00Z");
    private static final Instant LATEST = Instant.parse("9999-12-31T00:00:00Z");

    @QueryParam("from")
    String from;

    @QueryParam("to")
    String to;

    @QueryParam("actor")
    String actor;

    @QueryParam("action")
    String action;

    @QueryParam("object")
    String object;

    @QueryParam("outcome")
    String outcome;

    /** @param since what the tenant may see at all; {@code null} is everything */
    AuditQuery query(@Nullable TenantId tenant, @Nullable Instant since) {
        Instant first = time("?from", from);
        return new AuditQuery(
                tenant,
                first == null || since != null && since.isAfter(first) ? since : first,
                time("?to", to),
                text("?actor", actor),
                text("?action", action),
                text("?object", object),
                outcome());
    }

    private static @Nullable Instant time(String name, @Nullable String text) {
        if (text == null) {
            return null;
        }
        try {
            Instant time = OffsetDateTime.parse(text).toInstant();
            if (time.isAfter(EARLIEST) && time.isBefore(LATEST)) {
                return time;
            }
        } catch (DateTimeException e) {
            // refused below
        }
        throw BerthException.invalidField(name, "must be a time such as 2026-07-01T12:00:00Z");
    }

    private static @Nullable String text(String name, @Nullable String text) {
        if (text != null && (text.isEmpty() || text.length() > MOST)) {
            throw BerthException.invalidField(name, "must be 1 to " + MOST + " characters");
        }
        return text;
    }

    private @Nullable Outcome outcome() {
        if (outcome == null) {
            return null;
        }
        return Arrays.stream(Outcome.values())
                .filter(known -> known.wireName().equals(outcome.toLowerCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(
                        () -> BerthException.invalidField("?outcome", "must be success, refused, failed or unknown"));
    }
}
