package io.berth.operations;

import static org.assertj.core.api.Assertions.assertThat;

import io.berth.tenants.TenantId;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class OperationRunTest {

    private final OperationRun run = new OperationRun(new Operation(
            "op_1",
            new TenantId("default"),
            "image.pull",
            null,
            Operation.Status.RUNNING,
            null,
            0,
            -1,
            null,
            null,
            Instant.EPOCH,
            null,
            false));

    @Test
    void keepsPartsInTheOrderInWhichTheyWereFirstTold() {
        run.part(new OperationPart("b", "waiting", 0, 9));
        run.part(new OperationPart("a", "waiting", 0, 5));
        run.part(new OperationPart("b", "downloading", 3, 9));
        assertThat(run.parts())
                .containsExactly(new OperationPart("b", "downloading", 3, 9), new OperationPart("a", "waiting", 0, 5));
    }

    @Test
    void boundsTheirNumber() {
        for (int i = 0; i < 1000; i++) {
            run.part(new OperationPart("part " + i, null, 0, 1));
        }
        run.part(new OperationPart("part 0", null, 1, 1));
        assertThat(run.parts()).hasSize(256).contains(new OperationPart("part 0", null, 1, 1));
    }
}
