package io.berth.engine.local;

import io.berth.engine.netns.NetworkSettings;
import java.nio.file.Path;
import java.util.List;

/**
 * An operator's choices for {@link LocalEngine}.
 *
 * @param runtime {@code crun} or {@code runc}, or a path to one of them
 * @param conmon name or path
 * @param init static program that runs as process 1 where a container asks for one, such as catatonit
 * @param resolvers name servers of containers; empty for the host's own
 * @param procRoot {@code /proc}
 * @param sysRoot {@code /sys}, for AppArmor
 */
public record LocalEngineOptions(
        String runtime,
        String conmon,
        String init,
        NetworkSettings network,
        List<String> resolvers,
        Path procRoot,
        Path sysRoot) {

    public LocalEngineOptions {
        resolvers = List.copyOf(resolvers);
    }

    public static LocalEngineOptions defaults() {
        return new LocalEngineOptions(
                "crun", "conmon", "catatonit", NetworkSettings.DEFAULT, List.of(), Path.of("/proc"), Path.of("/sys"));
    }
}
