package io.berth.containers.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.berth.containers.Container;
import io.berth.containers.ContainerSpec;
import io.berth.containers.ContainerState;
import io.berth.containers.DesiredState;
import io.berth.containers.Launch;
import io.berth.containers.Observation;
import io.berth.containers.StopReason;
import io.berth.engine.ContainerId;
import io.berth.engine.ResourceLimits;
import io.berth.tenants.TenantId;
import io.berth.tenants.quota.Charge;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;

/** Translates containers to rows and back. Reads rows that later versions wrote, unknown fields and all. */
@ApplicationScoped
class ContainerRows {

    private static final TypeReference<Map<String, Double>> TIMINGS = new TypeReference<>() {};

    private final KnownContainers known;
    private final ObjectMapper mapper;

    ContainerRows(KnownContainers known, ObjectMapper mapper) {
        this.known = known;
        this.mapper = mapper.copy().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);
    }

    ContainerEntity toNewEntity(Container container) {
        ContainerEntity entity = new ContainerEntity();
        entity.id = container.id().value();
        entity.tenant = container.tenant().value();
        entity.name = container.name();
        entity.image = container.spec().image();
        entity.imageDigest = container.imageDigest();
        entity.launch = write(container.launch());
        entity.createdAt = container.createdAt();
        entity.expiresAt = container.expiresAt();
        copySpec(container, entity);
        copyState(container, entity);
        return entity;
    }

    void copySpec(Container container, ContainerEntity entity) {
        entity.spec = write(container.spec());
        entity.labels = write(container.spec().labels());
        ResourceLimits declared = container.spec().resources().toLimits();
        entity.milliCpus = declared.milliCpus();
        entity.memory = declared.memoryBytes();
        entity.pids = declared.pids();
        entity.ioRead = declared.ioReadBytesPerSecond();
        entity.ioWrite = declared.ioWriteBytesPerSecond();
    }

    void copyState(Container container, ContainerEntity entity) {
        Observation seen = container.observed();
        entity.desired = container.desired().name();
        entity.state = seen.state().name();
        entity.exitCode = seen.exitCode();
        entity.oomKilled = seen.oomKilled();
        entity.ipAddress = seen.ipAddress();
        entity.restartCount = container.restartCount();
        entity.startedAt = seen.startedAt();
        entity.finishedAt = seen.finishedAt();
        entity.timings = write(seen.timings());
        entity.failure = seen.failure();
        StopReason reason = seen.stopReason();
        entity.stopReason = reason == null ? null : reason.name();
        entity.version = container.version();
        entity.runs = runs(container);
    }

    /** Whether it charges its tenant's quota with what running containers do. */
    static boolean runs(Container container) {
        return Charge.CONTAINER_RUNS.isMadeBy(container.phase());
    }

    Container toContainer(ContainerEntity entity) {
        return known.find(entity.id, entity.version).orElseGet(() -> {
            Container read = read(entity);
            known.putIfNewer(read);
            return read;
        });
    }

    private Container read(ContainerEntity entity) {
        try {
            return new Container(
                    new ContainerId(entity.id),
                    new TenantId(entity.tenant),
                    mapper.readValue(entity.spec, ContainerSpec.class),
                    entity.imageDigest,
                    mapper.readValue(entity.launch, Launch.class),
                    DesiredState.valueOf(entity.desired),
                    new Observation(
                            ContainerState.valueOf(entity.state),
                            entity.exitCode,
                            entity.oomKilled,
                            entity.ipAddress,
                            entity.startedAt,
                            entity.finishedAt,
                            mapper.readValue(entity.timings, TIMINGS),
                            entity.failure,
                            entity.stopReason == null ? null : StopReason.valueOf(entity.stopReason)),
                    entity.restartCount,
                    entity.createdAt,
                    entity.expiresAt,
                    entity.version);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the row of container " + entity.id + " cannot be read", e);
        }
    }

    String write(Object value) {
        try {
            return mapper.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("cannot write " + value.getClass() + " as JSON", e);
        }
    }
}
