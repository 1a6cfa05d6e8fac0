package io.berth.api.ratelimit;

import io.berth.tenants.TenantId;
import io.berth.tenants.quota.Holders;
import io.berth.tenants.quota.QuotaCharges;
import io.berth.tenants.quota.QuotaResource;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What requests charge, to be shown; {@link RequestLimits} decides. */
@ApplicationScoped
class RequestCharges implements QuotaCharges {

    private final RequestLimits limits;

    RequestCharges(RequestLimits limits) {
        this.limits = limits;
    }

    @Override
    public Set<QuotaResource> resources() {
        return Set.of(QuotaResource.API_REQUESTS_PER_MINUTE);
    }

    @Override
    public Map<QuotaResource, Long> charged(TenantId tenant) {
        return Map.of(QuotaResource.API_REQUESTS_PER_MINUTE, limits.used(tenant));
    }

    @Override
    public Holders holders(TenantId tenant, QuotaResource resource) {
        return new Holders(limits.used(tenant), List.of());
    }
}
