package io.berth.tenancy.rest;

import io.berth.tenants.SuspendMode;
import io.berth.tenants.Tenant;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A tenant as JSON. */
public record TenantView(
        String name,
        String displayName,
        boolean suspended,
        @Nullable SuspendMode suspendMode,
        Instant createdAt) {

    static TenantView of(Tenant tenant) {
        return new TenantView(
                tenant.id().value(),
                tenant.displayName(),
                tenant.suspended(),
                tenant.suspendMode(),
                tenant.createdAt());
    }
}
