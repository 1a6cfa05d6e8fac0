package io.berth.containers;

import io.berth.engine.ContainerEngine;
import io.berth.engine.ContainerStats;
import io.berth.engine.FileChange;
import io.berth.engine.ProcessInfo;
import io.berth.tenants.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/** Looks into containers: what they use, run and have changed. */
@ApplicationScoped
public class ContainerInsight {

    private final ContainerService containers;
    private final ContainerEngine engine;

    ContainerInsight(ContainerService containers, ContainerEngine engine) {
        this.containers = containers;
        this.engine = engine;
    }

    /** @throws io.berth.common.BerthException {@code WRONG_STATE} if it does not run */
    public ContainerStats stats(TenantId tenant, String idOrName) {
        return engine.stats(alive(tenant, idOrName).id());
    }

    public List<ProcessInfo> processes(TenantId tenant, String idOrName) {
        return engine.processes(alive(tenant, idOrName).id());
    }

    public List<FileChange> changes(TenantId tenant, String idOrName, int limit) {
        return engine.changes(containers.get(tenant, idOrName).id(), limit);
    }

    private Container alive(TenantId tenant, String idOrName) {
        Container container = containers.get(tenant, idOrName);
        if (!container.state().isAlive()) {
            throw ContainerErrors.wrongState(container, "measured", "start it");
        }
        return container;
    }
}
