package io.berth.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.berth.testing.RequiresProgram;
import io.berth.testing.RequiresRoot;
import org.junit.jupiter.api.Test;

@RequiresRoot
@RequiresProgram({"crun", "unshare", "busybox"})
class FloorIT {

    @Test
    void timesTheBareRuntime() throws Exception {
        Samples samples = Floor.crunRun(3);
        assertThat(samples.sorted()).hasSize(3);
        assertThat(samples.percentile(50)).isPositive();
    }
}
