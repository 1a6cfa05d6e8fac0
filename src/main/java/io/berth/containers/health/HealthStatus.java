package io.berth.containers.health;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Locale;

/** What the checks of a container's run say of it. */
public enum HealthStatus {
    /** Not enough is known yet. */
    @JsonProperty("starting")
    STARTING,
    /** The last check succeeded, or not enough failed since one did. */
    @JsonProperty("healthy")
    HEALTHY,
    /** As many checks in a row failed as it has retries. */
    @JsonProperty("unhealthy")
    UNHEALTHY;

    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
