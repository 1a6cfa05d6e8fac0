package io.berth.tenants;

import io.berth.engine.GroupId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A customer of the platform.
 *
 * @param group its group on the host; never that of another tenant, not even of a later one with the same name
 * @param suspended whether nothing can be made, started or executed on the host; members, tokens and webhooks can still be changed
 * @param suspendMode what was done to its containers, {@code null} unless suspended
 * @param deletion id of the operation that deletes it, {@code null} for a living tenant
 * @param version grows with every change
 */
public record Tenant(
        TenantId id,
        GroupId group,
        String displayName,
        boolean suspended,
        @Nullable SuspendMode suspendMode,
        @Nullable String deletion,
        Instant createdAt,
        long version) {

    public boolean isBeingDeleted() {
        return deletion != null;
    }

    /** Whether containers and images may be made, and containers started, in it. */
    public boolean isActive() {
        return !suspended && deletion == null;
    }

    /** The same tenant under another display name. */
    public Tenant named(String other) {
        return new Tenant(id, group, other, suspended, suspendMode, deletion, createdAt, version);
    }

    /** @param mode {@code null} ends the suspension */
    public Tenant suspended(@Nullable SuspendMode mode) {
        return new Tenant(id, group, displayName, mode != null, mode, deletion, createdAt, version);
    }

    /** Whether this is a later state of the name than the other one. */
    boolean isLaterThan(Tenant other) {
        int order = createdAt.compareTo(other.createdAt);
        return order > 0 || order == 0 && version > other.version;
    }
}
