package io.berth.execs;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.berth.common.BerthException;
import io.berth.containers.ContainerHandle;
import io.berth.engine.ContainerId;
import io.berth.execs.SessionOpenings.Opening;
import io.berth.tenants.TenantId;
import java.util.List;
import org.junit.jupiter.api.Test;

class SessionOpeningsTest {

    private final SessionOpenings openings = new SessionOpenings(2);
    private final ContainerHandle box = handle("ctr_box");
    private final ContainerHandle other = handle("ctr_other");

    @Test
    void countsWhatIsBeingOpenedBesideWhatRuns() {
        try (Opening first = openings.begin(box, () -> 1)) {
            refuses(box, 1);
            openings.begin(other, () -> 1).close();
        }
        Opening again = openings.begin(box, () -> 1);
        again.close();
        again.close();
        openings.begin(box, () -> 1).close();
        refuses(box, 2);
    }

    private static ContainerHandle handle(String id) {
        return new ContainerHandle(new ContainerId(id), new TenantId("acme"), "running", List.of(), "/", null);
    }

    private void refuses(ContainerHandle container, long running) {
        assertThatThrownBy(() -> openings.begin(container, () -> running))
                .isInstanceOf(BerthException.class)
                .hasMessageContaining("2");
    }
}
