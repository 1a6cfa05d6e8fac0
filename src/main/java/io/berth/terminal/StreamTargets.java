package io.berth.terminal;

import io.berth.containers.ContainerHandle;
import io.berth.containers.ContainerLookup;
import io.berth.engine.ContainerEngine;
import io.berth.execs.Exec;
import io.berth.execs.ExecService;
import io.berth.tenants.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import org.jspecify.annotations.Nullable;

/** Finds the process that a path names. */
@ApplicationScoped
public class StreamTargets {

    private final ContainerLookup containers;
    private final ExecService execs;
    private final ContainerEngine engine;

    StreamTargets(ContainerLookup containers, ExecService execs, ContainerEngine engine) {
        this.containers = containers;
        this.execs = execs;
        this.engine = engine;
    }

    /**
     * Blocks.
     *
     * @param exec {@code null} is the main process
     * @throws io.berth.common.BerthException {@code CONTAINER_NOT_FOUND}, {@code EXEC_NOT_FOUND}
     */
    StreamSource find(TenantId tenant, String container, @Nullable String exec) {
        ContainerHandle handle = containers.get(tenant, container);
        if (exec == null) {
            return new StreamSource(
                    new StreamTarget(tenant, handle.id(), null), () -> engine.attach(handle.id()), true);
        }
        Exec found = execs.get(handle, exec);
        return new StreamSource(
                new StreamTarget(tenant, handle.id(), found.id()), () -> execs.connect(found), found.tty());
    }
}
