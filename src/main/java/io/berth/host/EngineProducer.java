package io.berth.host;

import io.berth.BerthConfig;
import io.berth.DataDirectory;
import io.berth.engine.ContainerEngine;
import io.berth.engine.HostLayout;
import io.berth.engine.local.LocalEngineFactory;
import io.berth.engine.local.LocalEngineOptions;
import io.berth.engine.netns.NetworkSettings;
import io.berth.engine.syscall.JnrSyscalls;
import io.berth.engine.syscall.Syscalls;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import java.util.List;

/** Makes the engine for this machine, and what it and the image store stand on. */
@ApplicationScoped
public class EngineProducer {

    @Produces
    @Singleton
    Syscalls syscalls() {
        return new JnrSyscalls();
    }

    @Produces
    @Singleton
    HostLayout layout(BerthConfig config) {
        Path dataDir = config.dataDir().toAbsolutePath().normalize();
        String instance = DataDirectory.instance(dataDir);
        return new HostLayout(dataDir, config.runRoot().resolve(instance), instance);
    }

    @Produces
    @Singleton
    ContainerEngine engine(Syscalls syscalls, HostLayout layout, EngineConfig config) {
        return new LocalEngineFactory(syscalls, layout, options(config)).open();
    }

    void close(@Disposes ContainerEngine engine) {
        engine.close();
    }

    private static LocalEngineOptions options(EngineConfig config) {
        EngineConfig.Network network = config.network();
        NetworkSettings settings = new NetworkSettings(
                network.pool(),
                network.prefixLength(),
                network.ready(),
                network.maxReady(),
                network.idleAfter(),
                network.denyPrivate());
        return new LocalEngineOptions(
                config.runtime(),
                config.conmon(),
                config.init(),
                settings,
                config.resolvers().orElse(List.of()),
                Path.of("/proc"),
                Path.of("/sys"));
    }
}
