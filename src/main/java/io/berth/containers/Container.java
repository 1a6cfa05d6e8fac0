package io.berth.containers;

import io.berth.engine.ContainerId;
import io.berth.engine.Exit;
import io.berth.tenants.TenantId;
import io.berth.tenants.quota.ContainerPhase;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A container: what it should be and what was last seen of it.
 *
 * @param spec complete: it has a name
 * @param imageDigest the manifest its image resolved to
 * @param expiresAt when its time to live ends
 * @param version grows with every change
 */
public record Container(
        ContainerId id,
        TenantId tenant,
        ContainerSpec spec,
        String imageDigest,
        Launch launch,
        DesiredState desired,
        Observation observed,
        int restartCount,
        Instant createdAt,
        @Nullable Instant expiresAt,
        long version) {

    /** Times have microseconds, as the database keeps them: what was stored equals what is read. */
    public Container {
        createdAt = createdAt.truncatedTo(ChronoUnit.MICROS);
        expiresAt = expiresAt == null ? null : expiresAt.truncatedTo(ChronoUnit.MICROS);
    }

    public String name() {
        return Objects.requireNonNull(spec.name(), "a container has a name");
    }

    public ContainerState state() {
        return observed.state();
    }

    /** Where it stands, as far as quotas tell the difference. */
    public ContainerPhase phase() {
        return switch (state()) {
            case RUNNING -> ContainerPhase.RUNNING;
            case PAUSED -> ContainerPhase.PAUSED;
            case DELETING, GONE -> ContainerPhase.DELETING;
            case CREATING, CREATED ->
                desired == DesiredState.RUNNING ? ContainerPhase.STARTING : ContainerPhase.CREATED;
            case STOPPED -> desired == DesiredState.RUNNING ? ContainerPhase.STARTING : ContainerPhase.STOPPED;
            case FAILED -> desired == DesiredState.RUNNING ? ContainerPhase.STARTING : ContainerPhase.FAILED;
        };
    }

    /** What it means that it could not be started. */
    RuntimeException explain(RuntimeException failure) {
        return LaunchFailures.explain(launch.args().get(0), launch.user(), launch.workingDir(), failure);
    }

    Container wanting(DesiredState other) {
        return with(spec, other, observed, restartCount);
    }

    Container observing(Observation other) {
        return with(spec, desired, other, restartCount);
    }

    Container in(ContainerState state) {
        return observing(observed.in(state));
    }

    Container exited(Exit exit) {
        return observing(observed.exited(exit));
    }

    Container stopping(@Nullable StopReason reason) {
        return observing(observed.stopping(reason));
    }

    Container restarted(int times) {
        return with(spec, desired, observed, times);
    }

    Container edited(ContainerSpec changed) {
        return with(changed, desired, observed, restartCount);
    }

    private Container with(ContainerSpec newSpec, DesiredState newDesired, Observation seen, int restarts) {
        return new Container(
                id, tenant, newSpec, imageDigest, launch, newDesired, seen, restarts, createdAt, expiresAt, version);
    }

    /** As it is after it was stored once more. */
    public Container atVersion(long newVersion) {
        return new Container(
                id,
                tenant,
                spec,
                imageDigest,
                launch,
                desired,
                observed,
                restartCount,
                createdAt,
                expiresAt,
                newVersion);
    }
}
