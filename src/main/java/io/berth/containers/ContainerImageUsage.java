package io.berth.containers;

import io.berth.containers.store.ContainerRepository;
import io.berth.images.Digest;
import io.berth.images.ImageUsage;
import io.berth.tenants.TenantId;
import jakarta.enterprise.context.ApplicationScoped;

/** Keeps images that containers were made from. */
@ApplicationScoped
class ContainerImageUsage implements ImageUsage {

    private final ContainerRepository repository;

    ContainerImageUsage(ContainerRepository repository) {
        this.repository = repository;
    }

    @Override
    public boolean isUsed(TenantId tenant, Digest image) {
        return repository.usesImage(tenant, image.toString());
    }
}
