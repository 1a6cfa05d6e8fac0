package io.berth.containers;

import io.berth.engine.ContainerConfig;
import io.berth.engine.ContainerConfig.ProcessConfig;
import io.berth.tenants.TenantDirectory;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;

/** Says a container in the engine's terms. */
@ApplicationScoped
class EngineConfigs {

    private final ContainerSettings settings;
    private final TenantDirectory tenants;

    EngineConfigs(ContainerSettings settings, TenantDirectory tenants) {
        this.settings = settings;
        this.tenants = tenants;
    }

    ContainerConfig of(Container container) {
        ContainerSpec spec = container.spec();
        Launch launch = container.launch();
        return new ContainerConfig(
                container.id(),
                tenants.group(container.tenant()),
                launch.layers().stream().map(Path::of).toList(),
                new ProcessConfig(launch.args(), launch.env(), launch.workingDir(), launch.user(), spec.tty(), null),
                spec.stdin(),
                spec.stdinOnce(),
                LaunchPlanner.hostname(spec),
                spec.resources().toLimits(),
                spec.readOnlyRootfs(),
                spec.tmpfs().entrySet().stream()
                        .collect(Collectors.toMap(
                                Map.Entry::getKey, entry -> entry.getValue().bytes())),
                spec.capabilities().added(),
                spec.capabilities().dropped(),
                spec.init(),
                settings.logSize());
    }
}
