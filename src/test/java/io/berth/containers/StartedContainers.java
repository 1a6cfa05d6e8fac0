package io.berth.containers;

import io.berth.engine.ContainerConfigBuilder;
import io.berth.engine.ContainerId;
import io.berth.engine.FakeEngine;
import io.berth.engine.GroupId;
import io.berth.engine.GroupSpec;
import io.berth.engine.ResourceLimits;
import io.berth.tenants.TenantId;
import java.util.List;

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
        engine.create(
                ContainerConfigBuilder.of(id, group, List.of(args)).stdin(true).build());
        engine.start(id);
        return handle(id);
    }

    /** Starts one again that has ended. */
    public ContainerHandle runAgain(ContainerHandle ended, String... args) {
        engine.recreate(ContainerConfigBuilder.of(ended.id(), group, List.of(args))
                .stdin(true)
                .build());
        engine.start(ended.id());
        return handle(ended.id());
    }

    private static ContainerHandle handle(ContainerId id) {
        return new ContainerHandle(id, TENANT, "running", List.of("PATH=/bin"), "/", null);
    }
}
