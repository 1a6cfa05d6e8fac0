package io.berth.containers;

import io.berth.engine.Exit;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What was last seen of a container.
 *
 * @param exitCode of its last run, {@code null} while there was none
 * @param timings phase of the last start to milliseconds
 * @param failure why it could not be started again, in words for the client
 * @param stopReason why the platform has stopped it, or is stopping it; {@code null} if that was a client, or it ended by itself
 */
public record Observation(
        ContainerState state,
        @Nullable Integer exitCode,
        boolean oomKilled,
        @Nullable String ipAddress,
        @Nullable Instant startedAt,
        @Nullable Instant finishedAt,
        Map<String, Double> timings,
        @Nullable String failure,
        @Nullable StopReason stopReason) {

    /** As those of {@link Container}. */
    public Observation {
        startedAt = startedAt == null ? null : startedAt.truncatedTo(ChronoUnit.MICROS);
        finishedAt = finishedAt == null ? null : finishedAt.truncatedTo(ChronoUnit.MICROS);
    }

    static final Observation CREATING =
            new Observation(ContainerState.CREATING, null, false, null, null, null, Map.of(), null, null);

    Observation created(@Nullable String address, Map<String, Double> phases) {
        return new Observation(ContainerState.CREATED, null, false, address, null, null, phases, null, null);
    }

    Observation running(@Nullable String address, Instant at, Map<String, Double> phases) {
        return new Observation(ContainerState.RUNNING, null, false, address, at, null, phases, null, null);
    }

    Observation in(ContainerState other) {
        return new Observation(
                other, exitCode, oomKilled, ipAddress, startedAt, finishedAt, timings, failure, stopReason);
    }

    /** The same, told to stop. @param reason {@code null} if a client wants it */
    Observation stopping(@Nullable StopReason reason) {
        return new Observation(state, exitCode, oomKilled, ipAddress, startedAt, finishedAt, timings, failure, reason);
    }

    Observation exited(Exit exit) {
        return new Observation(
                ContainerState.STOPPED,
                exit.code(),
                exit.oomKilled(),
                null,
                startedAt,
                exit.at(),
                timings,
                null,
                stopReason);
    }

    Observation failed(String why) {
        return new Observation(
                ContainerState.FAILED, exitCode, oomKilled, null, startedAt, finishedAt, timings, why, null);
    }
}
