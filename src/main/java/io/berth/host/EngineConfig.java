package io.berth.host;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** How containers are run on this machine. */
@ConfigMapping(prefix = "berth.engine")
public interface EngineConfig {

    /** {@code crun} or {@code runc}, or the path of one of them. */
    @WithDefault("crun")
    String runtime();

    /** The monitor, by name or path. */
    @WithDefault("conmon")
    String conmon();

    /** A static program that runs as process 1 in containers that ask for an init. */
    @WithDefault("catatonit")
    String init();

    /** Name servers of containers; the host's own if none is given. */
    Optional<List<String>> resolvers();

    Network network();

    /** Networks of tenants. */
    interface Network {

        /** Each tenant's network is a part of this one. */
        @WithDefault("10.64.0.0/10")
        String pool();

        /** Size of that part, 22 (1,021 containers) to 29 (5). */
        @WithDefault("22")
        int prefixLength();

        /** Network namespaces kept ready for each tenant in use. */
        @WithDefault("4")
        int ready();

        /** To which their number grows under demand. */
        @WithDefault("16")
        int maxReady();

        /** After so long without a new container a tenant keeps one ready. */
        @WithDefault("5m")
        Duration idleAfter();

        /** Whether containers are kept from private addresses (RFC 1918, RFC 6598) outside their tenant's network. */
        @WithDefault("false")
        boolean denyPrivate();
    }
}
