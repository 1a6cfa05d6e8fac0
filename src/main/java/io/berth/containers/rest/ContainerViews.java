package io.berth.containers.rest;

import io.berth.containers.Container;
import io.berth.containers.ContainerActivity;
import jakarta.enterprise.context.ApplicationScoped;

/** Adds to what is stored of containers what the server knows by heart. */
@ApplicationScoped
class ContainerViews {

    private final ContainerActivity activity;

    ContainerViews(ContainerActivity activity) {
        this.activity = activity;
    }

    ContainerView of(Container container) {
        return ContainerView.of(
                container, activity.idleSince(container.id()).orElse(null));
    }
}
