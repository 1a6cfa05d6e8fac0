package io.berth.tenants.quota;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Locale;

/** What is made of the limits that containers declare of a {@link Level#POOL pool}. */
public enum Policy {
    /** They may add up to more than the pool; the kernel holds the pool. */
    @JsonProperty("share")
    SHARE,
    /** Those of running containers may not: what a container was promised, it gets. */
    @JsonProperty("reserve")
    RESERVE;

    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
