package io.berth.tenants.quota;

import io.berth.tenants.TenantId;
import java.util.Map;

/** Who has the kernel hold the pools of tenants. Methods block for milliseconds unless told otherwise. */
public interface PoolKeeper {

    /**
     * Passes if the host can hold these limits.
     *
     * @throws io.berth.common.BerthException {@code VALIDATION_FAILED} naming the resource
     */
    void requirePossible(Quota quota);

    /**
     * Has the kernel hold the tenant's present quota, from now on and for what runs already. Memory that is in use is not
     * taken away: see {@link #overdrawn}.
     */
    void apply(TenantId tenant);

    /** What the kernel counts now, of the pools it can tell; empty while the tenant has nothing on the host. */
    Map<QuotaResource, Long> inUse(TenantId tenant);

    /**
     * Pools that can take nobody in, and how much of them is in use: memory while there is more of it than the quota since that
     * was lowered, processes while they are spent. Costs one small read at most.
     */
    Map<QuotaResource, Long> overdrawn(TenantId tenant);
}
