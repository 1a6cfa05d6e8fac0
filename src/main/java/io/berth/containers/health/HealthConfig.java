package io.berth.containers.health;

import io.berth.common.WholeNumber;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;

/** What health checks may cost: {@code berth.health.*}. What is more than that comes later. */
@ConfigMapping(prefix = "berth.health")
public interface HealthConfig {

    /** Checks under way at a time; the last quarter is kept for tenants that have none. */
    @WithDefault("16")
    @WithConverter(WholeNumber.UpToThousand.class)
    int checks();

    /** Checks of one tenant under way at a time. */
    @WithDefault("4")
    @WithConverter(WholeNumber.UpToThousand.class)
    int checksPerTenant();

    /** Checks that begin in a second; each costs the host some milliseconds before it is charged to its tenant. */
    @WithDefault("40")
    @WithConverter(WholeNumber.UpToThousand.class)
    int startsPerSecond();
}
