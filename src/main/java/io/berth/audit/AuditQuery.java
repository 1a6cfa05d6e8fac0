package io.berth.audit;

import io.berth.tenants.TenantId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Which entries are wanted; {@code null} is any.
 *
 * @param from the first moment
 * @param to the moment after the last
 * @param actor id or name of a subject
 * @param object id or name
 */
public record AuditQuery(
        @Nullable TenantId tenant,
        @Nullable Instant from,
        @Nullable Instant to,
        @Nullable String actor,
        @Nullable String action,
        @Nullable String object,
        @Nullable Outcome outcome) {}
