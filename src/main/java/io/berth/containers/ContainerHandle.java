package io.berth.containers;

import io.berth.engine.ContainerId;
import io.berth.tenants.TenantId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a feature needs to know to work inside a container.
 *
 * @param tenant whose it is
 * @param state as the API shows it; a hint for messages, since the engine knows better whether it runs
 * @param env of its main process, {@code NAME=value}; further processes start from it
 * @param workingDir of its main process
 * @param user of its main process, {@code null} is root
 */
public record ContainerHandle(
        ContainerId id,
        TenantId tenant,
        String state,
        List<String> env,
        String workingDir,
        @Nullable String user) {

    public ContainerHandle {
        env = List.copyOf(env);
    }
}
