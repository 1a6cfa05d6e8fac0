package io.berth.containers;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * What follows when a main process ends by itself.
 *
 * @param name the kind; {@code no} if it is not said
 * @param maxRetries for {@code on-failure}: how often it is tried again; {@code null} is without end
 */
public record RestartPolicy(Kind name, @Nullable Integer maxRetries) {

    public static final RestartPolicy NO = new RestartPolicy(Kind.NO, null);

    /** When to start again. */
    public enum Kind {
        @JsonProperty("no")
        NO,
        @JsonProperty("on-failure")
        ON_FAILURE,
        @JsonProperty("always")
        ALWAYS,
        @JsonProperty("unless-stopped")
        UNLESS_STOPPED
    }

    public RestartPolicy {
        if (name == null) {
            name = Kind.NO;
        }
    }

    /** Whether a container that ended with this code, after so many restarts, is to be started again. */
    public boolean restarts(int exitCode, int restartsSoFar) {
        return switch (name) {
            case NO -> false;
            case ON_FAILURE -> exitCode != 0 && (maxRetries == null || restartsSoFar < maxRetries);
            case ALWAYS, UNLESS_STOPPED -> true;
        };
    }
}
