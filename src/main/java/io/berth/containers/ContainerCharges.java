package io.berth.containers;

import io.berth.containers.store.ContainerRepository;
import io.berth.tenants.TenantId;
import io.berth.tenants.quota.Charge;
import io.berth.tenants.quota.Holders;
import io.berth.tenants.quota.QuotaCharges;
import io.berth.tenants.quota.QuotaResource;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;
import java.util.Set;

/** What containers charge: the sum of their rows. */
@ApplicationScoped
class ContainerCharges implements QuotaCharges {

    private final ContainerRepository repository;

    ContainerCharges(ContainerRepository repository) {
        this.repository = repository;
    }

    @Override
    public Set<QuotaResource> resources() {
        return Set.copyOf(ContainerRepository.CHARGED);
    }

    @Override
    public Map<QuotaResource, Long> charged(TenantId tenant) {
        return repository.charges(tenant);
    }

    @Override
    public Holders holders(TenantId tenant, QuotaResource resource) {
        boolean running = resource.charge() == Charge.CONTAINER_RUNS;
        Map<QuotaResource, Long> charged = repository.charges(tenant);
        return new Holders(
                charged.getOrDefault(running ? QuotaResource.RUNNING_CONTAINERS : QuotaResource.CONTAINERS, 0L),
                repository.names(tenant, running, Holders.NAMED));
    }
}
