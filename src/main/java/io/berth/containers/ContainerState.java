package io.berth.containers;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Locale;

/** What was last seen of a container on the host, and what that allows. */
public enum ContainerState {
    /** Being made; not yet known to the client that asked for it. */
    @JsonProperty("creating")
    CREATING,
    /** Made, never started. */
    @JsonProperty("created")
    CREATED,
    @JsonProperty("running")
    RUNNING,
    @JsonProperty("paused")
    PAUSED,
    /** Its main process has ended. */
    @JsonProperty("stopped")
    STOPPED,
    /** It could not be started again. */
    @JsonProperty("failed")
    FAILED,
    @JsonProperty("deleting")
    DELETING,
    /** Deleted. Never stored. */
    @JsonProperty("gone")
    GONE;

    public boolean canStart() {
        return this == CREATED || this == STOPPED || this == FAILED;
    }

    /** Whether its main process exists. */
    public boolean isAlive() {
        return this == RUNNING || this == PAUSED;
    }

    /** Whether there is nothing more to come from its main process. */
    public boolean isEnded() {
        return this == STOPPED || this == FAILED || this == DELETING || this == GONE;
    }

    public boolean canPause() {
        return this == RUNNING;
    }

    public boolean canResume() {
        return this == PAUSED;
    }

    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
