package io.berth.usage.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.berth.tenants.quota.Policy;
import io.berth.tenants.quota.Unit;
import io.berth.tenants.quota.UsageNow;
import org.jspecify.annotations.Nullable;

/**
 * How a tenant stands with one resource, as JSON.
 *
 * @param limit {@code null}, which is written, is unlimited
 */
record UsageNowView(
        @JsonInclude @Nullable Number limit,
        @Nullable Number used,
        @Nullable Number reserved,
        String unit,
        @Nullable Policy policy) {

    /** The same in the units of the API. */
    static UsageNowView of(UsageNow usage) {
        Unit unit = usage.resource().unit();
        return new UsageNowView(
                wire(unit, usage.limit()),
                wire(unit, usage.used()),
                wire(unit, usage.reserved()),
                unit.wireName(),
                usage.policy());
    }

    private static @Nullable Number wire(Unit unit, @Nullable Long amount) {
        return amount == null ? null : unit.wire(amount);
    }
}
