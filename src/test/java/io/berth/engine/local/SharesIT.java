package io.berth.engine.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;
import static org.awaitility.Awaitility.await;

import io.berth.engine.ContainerId;
import io.berth.engine.GroupId;
import io.berth.engine.ResourceLimits;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** CPU weights: told to the kernel for a container and for its group, and kept by it. */
@Isolated("it compares what two busy loops get")
class SharesIT extends HostedContainers {

    private static final ResourceLimits NONE = ResourceLimits.UNLIMITED;
    private static final List<String> BUSY_ON_THE_FIRST_CPU =
            List.of("taskset", "1", "sh", "-c", "while :; do :; done");
    private static final Percentage ROUNDING = withinPercentage(1);
    private static final Duration ENOUGH_CPU = Duration.ofMillis(800);

    @Test
    void sharesOneCpuByTheWeightsOfContainers() throws IOException {
        GroupId group = group(NONE);
        ContainerId heavy = run(group, weight(400), BUSY_ON_THE_FIRST_CPU);
        ContainerId light = run(group, weight(100), BUSY_ON_THE_FIRST_CPU);
        assertThat(weightOf(group + "/" + heavy)).isCloseTo(4 * weightOf(group + "/" + light), ROUNDING);
        assertThat(ratio(heavy, light)).isBetween(2.0, 8.0);
        host.engine().update(heavy, weight(100));
        assertThat(weightOf(group + "/" + heavy)).isEqualTo(weightOf(group + "/" + light));
        assertThat(ratio(heavy, light)).isBetween(0.5, 2.0);
    }

    @Test
    void sharesOneCpuByTheWeightsOfGroups() throws IOException {
        GroupId heavy = group(weight(400));
        GroupId light = group(weight(100));
        assertThat(weightOf(heavy.value())).isCloseTo(4 * weightOf(light.value()), ROUNDING);
        ContainerId favoured = run(heavy, NONE, BUSY_ON_THE_FIRST_CPU);
        run(light, NONE, BUSY_ON_THE_FIRST_CPU);
        ContainerId neglected = run(light, NONE, BUSY_ON_THE_FIRST_CPU);
        assertThat(ratio(favoured, neglected)).isBetween(4.0, 16.0);
    }

    /** CPU time that one got over what the other got, of a time long enough for the scheduler to be fair. */
    private static double ratio(ContainerId one, ContainerId other) {
        long oneBefore = cpuNanos(one);
        long otherBefore = cpuNanos(other);
        await().atMost(SOON)
                .until(() -> cpuNanos(one) - oneBefore + cpuNanos(other) - otherBefore > ENOUGH_CPU.toNanos());
        return (double) (cpuNanos(one) - oneBefore) / (cpuNanos(other) - otherBefore);
    }

    private static long cpuNanos(ContainerId id) {
        return host.engine().stats(id).cpuNanos();
    }

    private static long weightOf(String cgroup) throws IOException {
        return Long.parseLong(cgroupFiles(cgroup, "cpu.weight", "cpu.shares").get(0));
    }

    private static ResourceLimits weight(long weight) {
        return new ResourceLimits(null, null, null, weight, null, null);
    }
}
