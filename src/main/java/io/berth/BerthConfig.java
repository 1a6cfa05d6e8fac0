package io.berth;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Where the server keeps its things and how it ends. Features have a configuration of their own beside their code. */
@ConfigMapping(prefix = "berth")
public interface BerthConfig {

    /** Everything that survives a reboot. One server at a time uses it. */
    @WithDefault("/var/lib/berth")
    Path dataDir();

    /** Below it each instance has a directory for what is gone after a reboot. */
    @WithDefault("/run/berth")
    Path runRoot();

    /** Addresses of proxies that are believed about the client's address, scheme and host ({@code X-Forwarded-…}). */
    Optional<List<String>> httpTrustedProxies();

    /** Whether running containers are stopped with the server; otherwise they go on and are found again. */
    @WithDefault("false")
    boolean stopContainers();
}
