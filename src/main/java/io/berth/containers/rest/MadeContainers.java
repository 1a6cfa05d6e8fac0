package io.berth.containers.rest;

import io.berth.api.idempotency.MadeByRequest;
import io.berth.common.Ids;
import io.berth.containers.ContainerService;
import io.berth.containers.ContainerState;
import io.berth.tenants.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;

/** Containers whose creation was committed and not answered. */
@ApplicationScoped
class MadeContainers implements MadeByRequest {

    private final ContainerService containers;
    private final ContainerViews views;

    MadeContainers(ContainerService containers, ContainerViews views) {
        this.containers = containers;
        this.views = views;
    }

    @Override
    public Optional<Made> find(TenantId tenant, String unique) {
        return containers
                .find(tenant, Ids.of(ContainerService.ID_PREFIX, unique))
                .filter(container -> container.state() != ContainerState.CREATING)
                .map(container -> new Made(ContainerService.path(container), container.version(), views.of(container)));
    }
}
