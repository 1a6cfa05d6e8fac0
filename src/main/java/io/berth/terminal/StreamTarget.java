package io.berth.terminal;

import io.berth.engine.ContainerId;
import io.berth.engine.ExecId;
import io.berth.tenants.TenantId;
import org.jspecify.annotations.Nullable;

/**
 * A process whose streams can be had.
 *
 * @param exec {@code null} is the container's main process
 */
public record StreamTarget(
        TenantId tenant, ContainerId container, @Nullable ExecId exec) {

    @Override
    public String toString() {
        return exec == null ? "container " + container : "exec " + exec;
    }
}
