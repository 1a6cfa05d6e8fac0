package io.berth.containers;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What a container should be, whatever the host says. */
public enum DesiredState {
    @JsonProperty("running")
    RUNNING,
    @JsonProperty("stopped")
    STOPPED,
    @JsonProperty("deleted")
    DELETED
}
