package io.berth.containers;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.berth.api.json.StrictJson;
import io.berth.engine.ContainerId;
import io.berth.engine.Exit;
import io.berth.events.EventDraft;
import io.berth.tenants.TenantId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ContainerEventsTest {

    private static final Instant NOW = Instant.EPOCH;

    private final Container creating = creating();
    private final Container running = creating.observing(creating.observed().running(null, NOW, Map.of()));

    @Test
    void tellsWhatIsNewOnlyOnceItIsThere() {
        assertThat(types(creating, creating)).isEmpty();
        assertThat(types(creating, creating.observing(creating.observed().created(null, Map.of()))))
                .containsExactly("container.created");
        assertThat(types(creating, running)).containsExactly("container.created", "container.started");
        assertThat(types(creating, creating.in(ContainerState.DELETING))).isEmpty();
        assertThat(ContainerEvents.deleted(creating)).isEmpty();
        assertThat(ContainerEvents.deleted(running)).hasSize(1);
    }

    @Test
    void tellsEveryChangeOfStateOnce() {
        Container paused = running.in(ContainerState.PAUSED);
        assertThat(types(running, paused)).containsExactly("container.paused");
        assertThat(types(paused, paused)).isEmpty();
        assertThat(types(paused, running)).containsExactly("container.resumed");
        assertThat(types(running, running.wanting(DesiredState.STOPPED))).isEmpty();
        Container stopped = running.exited(new Exit(3, false, NOW));
        assertThat(types(running, stopped)).containsExactly("container.stopped");
        assertThat(types(stopped, stopped.wanting(DesiredState.STOPPED))).isEmpty();
        assertThat(types(stopped, running)).containsExactly("container.started");
        assertThat(types(stopped, stopped.in(ContainerState.DELETING))).isEmpty();
        Container idle = running.stopping(StopReason.IDLE).exited(new Exit(143, false, NOW));
        assertThat(ContainerEvents.between(running, idle).get(0).data().get("reason"))
                .isEqualTo("idle");
        Container hungry = running.exited(new Exit(137, true, NOW));
        assertThat(types(running, hungry)).containsExactly("container.oom", "container.stopped");
        assertThat(ContainerEvents.between(running, hungry).get(1).data().get("exitCode"))
                .isEqualTo(137);
    }

    @Test
    void tellsEachRestartThatDoesNotWork() {
        Container stopped = running.exited(new Exit(3, false, NOW));
        Container failed = stopped.restarted(1).observing(stopped.observed().failed("x".repeat(5000)));
        assertThat(types(stopped, failed)).containsExactly("container.failed");
        assertThat(types(failed, failed)).isEmpty();
        assertThat(types(failed, failed.restarted(2))).containsExactly("container.failed");
        assertThat(String.valueOf(
                        ContainerEvents.between(stopped, failed).get(0).data().get("message")))
                .hasSizeLessThan(1100);
    }

    private static List<String> types(Container before, Container after) {
        return ContainerEvents.between(before, after).stream()
                .map(EventDraft::type)
                .toList();
    }

    private static Container creating() {
        try {
            ContainerSpec spec = StrictJson.configure(new ObjectMapper())
                    .readValue("{\"name\":\"web\",\"image\":\"busybox\"}", ContainerSpec.class);
            return new Container(
                    new ContainerId("ctr_web"),
                    TenantId.DEFAULT,
                    spec,
                    "sha256:" + "a".repeat(64),
                    new Launch(List.of("sh"), List.of(), "/", null, 15, List.of()),
                    DesiredState.RUNNING,
                    Observation.CREATING,
                    0,
                    NOW,
                    null,
                    0);
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
