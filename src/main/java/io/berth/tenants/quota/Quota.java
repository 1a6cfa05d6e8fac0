package io.berth.tenants.quota;

import io.berth.engine.ResourceLimits;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a tenant may use.
 *
 * @param limits amounts in the resource's unit; what is absent is unlimited
 * @param reserved the pools with the policy {@link Policy#RESERVE}
 * @param version grows with every change; 0 while none was ever set
 */
public record Quota(Map<QuotaResource, Long> limits, Set<QuotaResource> reserved, long version) {

    public static final Quota UNLIMITED = new Quota(Map.of(), Set.of(), 0);

    public Quota {
        limits = Map.copyOf(limits);
        reserved = Set.copyOf(reserved);
    }

    /** {@code null} is unlimited. */
    public @Nullable Long limit(QuotaResource resource) {
        return limits.get(resource);
    }

    public boolean isUnlimited() {
        return limits.isEmpty();
    }

    /** The policy of a pool, {@code null} of what is none. */
    public @Nullable Policy policy(QuotaResource resource) {
        if (!resource.hasPolicy()) {
            return null;
        }
        return reserves(resource) ? Policy.RESERVE : Policy.SHARE;
    }

    /** Whether the limits of running containers may not add up to more. */
    public boolean reserves(QuotaResource resource) {
        return reserved.contains(resource);
    }

    /** Whether what others have charged decides on a request for it. */
    boolean countsCharges(QuotaResource resource) {
        return limits.containsKey(resource) && (resource.level() == Level.COUNT || reserves(resource));
    }

    /** What the kernel is to hold the tenant's containers to, all together. */
    public ResourceLimits groupLimits() {
        Map<KernelLimit, Long> held = new EnumMap<>(KernelLimit.class);
        limits.forEach((resource, limit) -> held.put(resource.kernel(), limit));
        return new ResourceLimits(
                held.get(KernelLimit.CPU),
                held.get(KernelLimit.MEMORY),
                held.get(KernelLimit.PIDS),
                null,
                held.get(KernelLimit.IO_READ),
                held.get(KernelLimit.IO_WRITE));
    }

    Quota atVersion(long other) {
        return new Quota(limits, reserved, other);
    }
}
