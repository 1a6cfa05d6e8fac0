package io.berth.audit.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.berth.api.auth.Subject;
import io.berth.audit.AuditEntry;
import io.berth.audit.ChainedEntry;
import io.berth.audit.Outcome;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An entry as the API shows it. */
@JsonInclude(JsonInclude.Include.NON_NULL)
record AuditView(
        long seq,
        String id,
        Instant at,
        @Nullable String tenant,
        @Nullable Subject subject,
        @Nullable String credential,
        @Nullable String source,
        @Nullable String userAgent,
        String action,
        @Nullable ObjectView object,
        Outcome outcome,
        @Nullable Integer status,
        @Nullable String code,
        @Nullable String requestId,
        Map<String, String> details,
        String hash) {

    /** What it was done to. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record ObjectView(
            @Nullable String type,
            @Nullable String id,
            @Nullable String name) {}

    static AuditView of(ChainedEntry chained) {
        AuditEntry entry = chained.entry();
        AuditEntry.Target object = entry.object();
        return new AuditView(
                chained.seq(),
                entry.id(),
                entry.at(),
                entry.tenant() == null ? null : entry.tenant().value(),
                entry.actor().subject(),
                entry.actor().credential(),
                entry.actor().source(),
                entry.actor().userAgent(),
                entry.action(),
                object.equals(AuditEntry.Target.NONE)
                        ? null
                        : new ObjectView(object.type(), object.id(), object.name()),
                entry.result().outcome(),
                entry.result().status(),
                entry.result().code(),
                entry.requestId(),
                entry.details(),
                chained.head().hex());
    }
}
