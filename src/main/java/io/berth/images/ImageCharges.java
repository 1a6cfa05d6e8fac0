package io.berth.images;

import io.berth.images.store.ImageRepository;
import io.berth.tenants.TenantId;
import io.berth.tenants.quota.Holders;
import io.berth.tenants.quota.QuotaCharges;
import io.berth.tenants.quota.QuotaResource;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;
import java.util.Set;

/** What images charge: one for each reference. */
@ApplicationScoped
class ImageCharges implements QuotaCharges {

    private final ImageRepository repository;

    ImageCharges(ImageRepository repository) {
        this.repository = repository;
    }

    @Override
    public Set<QuotaResource> resources() {
        return Set.of(QuotaResource.IMAGES);
    }

    @Override
    public Map<QuotaResource, Long> charged(TenantId tenant) {
        return Map.of(QuotaResource.IMAGES, repository.countOf(tenant));
    }

    @Override
    public Holders holders(TenantId tenant, QuotaResource resource) {
        return new Holders(repository.countOf(tenant), repository.newest(tenant, Holders.NAMED));
    }
}
