package io.berth.containers.rest;

import io.berth.containers.Container;
import io.berth.containers.ContainerActivity;
import io.berth.containers.health.Health;
import io.berth.containers.health.HealthChecks;
import jakarta.enterprise.context.ApplicationScoped;

/** Adds to what is stored of containers what the server knows by heart. */
@ApplicationScoped
class ContainerViews {

    private final HealthChecks health;
    private final ContainerActivity activity;

    ContainerViews(HealthChecks health, ContainerActivity activity) {
        this.health = health;
        this.activity = activity;
    }

    ContainerView of(Container container) {
        return ContainerView.of(
                container,
                health.of(container.id()).orElse(null),
                activity.idleSince(container.id()).orElse(null));
    }

    /** As one of many: without what came of its last health check, which may be long. */
    ContainerView listed(Container container) {
        return ContainerView.of(
                container,
                health.of(container.id()).map(Health::summary).orElse(null),
                activity.idleSince(container.id()).orElse(null));
    }
}
