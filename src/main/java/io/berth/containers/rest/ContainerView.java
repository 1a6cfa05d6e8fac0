package io.berth.containers.rest;

import io.berth.api.http.Identified;
import io.berth.common.ByteSize;
import io.berth.containers.Capabilities;
import io.berth.containers.Container;
import io.berth.containers.ContainerSpec;
import io.berth.containers.ContainerState;
import io.berth.containers.DesiredState;
import io.berth.containers.Healthcheck;
import io.berth.containers.Observation;
import io.berth.containers.Resources;
import io.berth.containers.RestartPolicy;
import io.berth.containers.StopReason;
import io.berth.containers.health.Health;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A container as JSON: its state, then its specification as it was completed. */
public record ContainerView(
        String id,
        String name,
        String tenant,
        String image,
        String imageDigest,
        ContainerState state,
        DesiredState desiredState,
        @Nullable Integer exitCode,
        boolean oomKilled,
        @Nullable String failure,
        @Nullable StopReason stopReason,
        @Nullable Health health,
        @Nullable Instant idleSince,
        @Nullable String ipAddress,
        int restartCount,
        Instant createdAt,
        @Nullable Instant startedAt,
        @Nullable Instant finishedAt,
        @Nullable Instant expiresAt,
        Map<String, Double> timings,
        @Nullable List<String> command,
        @Nullable List<String> args,
        Map<String, String> env,
        @Nullable String workingDir,
        @Nullable String user,
        boolean tty,
        boolean stdin,
        boolean stdinOnce,
        @Nullable String hostname,
        Map<String, String> labels,
        Resources resources,
        RestartPolicy restartPolicy,
        @Nullable String stopSignal,
        @Nullable Duration stopTimeout,
        @Nullable Duration ttl,
        @Nullable Duration idleTimeout,
        boolean autoRemove,
        boolean readOnlyRootfs,
        Map<String, ByteSize> tmpfs,
        boolean init,
        Capabilities capabilities,
        @Nullable Healthcheck healthcheck)
        implements Identified {

    @Override
    public String identity() {
        return id;
    }

    @Override
    public String identityName() {
        return name;
    }

    /**
     * @param health of one that runs and is checked
     * @param idleSince since when nobody has used one that has an idle timeout
     */
    static ContainerView of(Container container, @Nullable Health health, @Nullable Instant idleSince) {
        ContainerSpec spec = container.spec();
        Observation seen = container.observed();
        return new ContainerView(
                container.id().value(),
                container.name(),
                container.tenant().value(),
                spec.image(),
                container.imageDigest(),
                seen.state(),
                container.desired(),
                seen.exitCode(),
                seen.oomKilled(),
                seen.failure(),
                seen.stopReason(),
                health,
                idleSince,
                seen.ipAddress(),
                container.restartCount(),
                container.createdAt(),
                seen.startedAt(),
                seen.finishedAt(),
                container.expiresAt(),
                seen.timings(),
                spec.command(),
                spec.args(),
                spec.env(),
                spec.workingDir(),
                spec.user(),
                spec.tty(),
                spec.stdin(),
                spec.stdinOnce(),
                spec.hostname(),
                spec.labels(),
                spec.resources(),
                spec.restartPolicy(),
                spec.stopSignal(),
                spec.stopTimeout(),
                spec.ttl(),
                spec.idleTimeout(),
                spec.autoRemove(),
                spec.readOnlyRootfs(),
                spec.tmpfs(),
                spec.init(),
                spec.capabilities(),
                spec.healthcheck());
    }
}
