package io.berth.containers;

import io.berth.engine.Exit;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What was last seen of a container.
 *
 * @param exitCode of its last run, {@code null} while there was none
 * @param timings phase of the last start to milliseconds
 * @param failure why it could not be started again, in words for the client
 */
public record Observation(
        ContainerState state,
        @Nullable Integer exitCode,
        boolean oomKilled,
        @Nullable String ipAddress,
        @Nullable Instant startedAt,
        @Nullable Instant finishedAt,
        Map<String, Double> timings,
        @Nullable String failure) {

    static final Observation CREATING =
            new Observation(ContainerState.CREATING, null, false, null, null, null, Map.of(), null);

    Observation created(@Nullable String address, Map<String, Double> phases) {
        return new Observation(ContainerState.CREATED, null, false, address, null, null, phases, null);
    }

    Observation running(@Nullable String address, Instant at, Map<String, Double> phases) {
        return new Observation(ContainerState.RUNNING, null, false, address, at, null, phases, null);
    }

    Observation in(ContainerState other) {
        return new Observation(other, exitCode, oomKilled, ipAddress, startedAt, finishedAt, timings, failure);
    }

    Observation exited(Exit exit) {
        return new Observation(
                ContainerState.STOPPED, exit.code(), exit.oomKilled(), null, startedAt, exit.at(), timings, null);
    }

    Observation failed(String why) {
        return new Observation(ContainerState.FAILED, exitCode, oomKilled, null, startedAt, finishedAt, timings, why);
    }
}
