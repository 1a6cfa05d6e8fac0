package io.berth.containers;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Locale;

/** Why the platform itself stops a container. */
public enum StopReason {
    /** Nobody had used it for its idle timeout. */
    @JsonProperty("idle")
    IDLE;

    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
