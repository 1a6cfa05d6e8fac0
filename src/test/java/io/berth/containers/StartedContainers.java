package io.berth.containers;

import io.berth.engine.ContainerConfig;
import io.berth.engine.ContainerId;
import io.berth.engine.FakeEngine;
import io.berth.engine.GroupId;
import io.berth.engine.GroupSpec;
import io.berth.engine.ResourceLimits;
import io.berth.tenants.TenantId;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Running containers of one tenant in a fake engine, without the service that would have made them. */
public final class StartedContainers {

    public static final TenantId TENANT = new TenantId("acme");

    private final FakeEngine engine;
    private final GroupId group = new GroupId("acme");

    public StartedContainers(FakeEngine engine) {
        this.engine = engine;
        engine.ensureGroup(new GroupSpec(group, ResourceLimits.UNLIMITED));
    }

    /** Makes and starts a container of that name, whose standard input is open. */
    public ContainerHandle run(String name, String... args) {
        ContainerId id = new ContainerId("ctr_" + name);
        engine.create(new ContainerConfig(
                id,
                group,
                List.of(),
                new ContainerConfig.ProcessConfig(List.of(args), List.of(), "/", null, false, null),
                true,
                false,
                name,
                ResourceLimits.UNLIMITED,
                false,
                Map.of(),
                Set.of(),
                Set.of(),
                false,
                1 << 20));
        engine.start(id);
        return new ContainerHandle(id, TENANT, "running", List.of("PATH=/bin"), "/", null);
    }
}
