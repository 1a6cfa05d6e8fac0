package io.berth.containers.health;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;

/** What health checks may cost: {@code berth.health.*}. What is more than that comes later. */
@ConfigMapping(prefix = "berth.health")
public interface HealthConfig {

    /** Checks under way at a time; the last quarter is kept for tenants that have none. */
    @WithDefault("16")
    @Min(1)
    @Max(1000)
    int checks();

    /** Checks of one tenant under way at a time. */
    @WithDefault("4")
    @Min(1)
    @Max(1000)
    int checksPerTenant();

    /** Checks that begin in a second; each costs the host some milliseconds before it is charged to its tenant. */
    @WithDefault("40")
    @Min(5)
    @Max(1000)
    int startsPerSecond();
}
