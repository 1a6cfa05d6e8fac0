package io.berth.tenants;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Locale;

/** What a suspension does to the containers that run. */
public enum SuspendMode {
    /** They are frozen where they are, keep their memory, and continue. */
    @JsonProperty("pause")
    PAUSE,
    /** They are stopped, and started again. */
    @JsonProperty("stop")
    STOP;

    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
