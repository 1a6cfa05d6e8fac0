package io.berth.execs;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.berth.common.BerthException;
import io.berth.containers.ContainerHandle;
import io.berth.engine.ContainerId;
import io.berth.engine.ExecId;
import io.berth.execs.SessionOpenings.Opening;
import io.berth.tenants.TenantId;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SessionOpeningsTest {

    private final SessionOpenings openings = new SessionOpenings(2);
    private final ContainerHandle box = handle("ctr_box");
    private final ContainerHandle other = handle("ctr_other");

    @Test
    void countsWhatIsBeingOpenedBesideWhatRuns() {
        try (Opening first = begin(box, "exe_1", "exe_0")) {
            refuses(box, "exe_2", "exe_0");
            begin(other, "exe_2", "exe_0").close();
        }
        Opening again = begin(box, "exe_1", "exe_0");
        again.close();
        again.close();
        begin(box, "exe_2", "exe_0").close();
        refuses(box, "exe_2", "exe_0", "exe_1");
    }

    @Test
    void countsOnceWhatTheEngineKnowsAlready() {
        try (Opening first = begin(box, "exe_1")) {
            begin(box, "exe_2", "exe_1").close();
        }
    }

    @Test
    void keepsNoPlaceWhenTheEngineCannotSay() {
        for (int i = 0; i < 3; i++) {
            ExecId session = new ExecId("exe_" + i);
            assertThatThrownBy(() -> openings.begin(box, session, () -> {
                        throw new IllegalStateException("made to fail");
                    }))
                    .isInstanceOf(IllegalStateException.class);
        }
        begin(box, "exe_9", "exe_8").close();
    }

    private Opening begin(ContainerHandle container, String session, String... running) {
        return openings.begin(container, new ExecId(session), () -> ids(running));
    }

    private static Set<ExecId> ids(String... ids) {
        return Stream.of(ids).map(ExecId::new).collect(Collectors.toSet());
    }

    private static ContainerHandle handle(String id) {
        return new ContainerHandle(new ContainerId(id), new TenantId("acme"), "running", List.of(), "/", null);
    }

    private void refuses(ContainerHandle container, String session, String... running) {
        assertThatThrownBy(() -> begin(container, session, running))
                .isInstanceOf(BerthException.class)
                .hasMessageContaining("2");
    }
}
