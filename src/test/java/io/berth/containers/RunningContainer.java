package io.berth.containers;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.berth.api.json.StrictJson;
import io.berth.engine.ContainerId;
import io.berth.tenants.TenantId;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** A container that has run since the epoch, as the store would tell of it. */
public final class RunningContainer {

    public static final ContainerId ID = new ContainerId("ctr_box");

    private RunningContainer() {}

    /** @param json what a client asked for */
    public static Container of(String json) {
        try {
            ContainerSpec spec = StrictJson.configure(new ObjectMapper()).readValue(json, ContainerSpec.class);
            return new Container(
                    ID,
                    TenantId.DEFAULT,
                    spec,
                    "sha256:" + "a".repeat(64),
                    new Launch(List.of("sh"), List.of(), "/", null, 15, List.of()),
                    DesiredState.RUNNING,
                    Observation.CREATING.running(null, Instant.EPOCH, Map.of()),
                    0,
                    Instant.EPOCH,
                    null,
                    0);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
