package io.berth.tenants.quota;

import org.jspecify.annotations.Nullable;

/**
 * How a tenant stands with one resource. Amounts are in the resource's own measure ({@link QuotaResource#unit}).
 *
 * @param limit {@code null} is unlimited
 * @param used counted now, of pools by the kernel; {@code null} where nothing is used up
 * @param reserved of pools, what running containers declare; {@code null} of the rest
 * @param policy of pools
 */
public record UsageNow(
        QuotaResource resource,
        @Nullable Long limit,
        @Nullable Long used,
        @Nullable Long reserved,
        @Nullable Policy policy) {}
