package io.berth.tenants.quota;

import io.berth.tenants.TenantId;
import java.util.Map;
import java.util.Set;

/** A feature whose things charge quotas says so by a bean of this type. */
public interface QuotaCharges {

    /** What it counts. */
    Set<QuotaResource> resources();

    /**
     * What the tenant has charged of {@link #resources}; of pools, the sum of what running containers declare. Within the
     * caller's transaction, if there is one.
     */
    Map<QuotaResource, Long> charged(TenantId tenant);

    /** Who holds one of {@link #resources}, the newest first, {@link Holders#NAMED} by name. */
    Holders holders(TenantId tenant, QuotaResource resource);
}
