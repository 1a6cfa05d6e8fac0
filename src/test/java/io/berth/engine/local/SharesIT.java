package io.berth.engine.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;
import static org.awaitility.Awaitility.await;

import io.berth.engine.ContainerId;
import io.berth.engine.GroupId;
import io.berth.engine.ResourceLimits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.data.Percentage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** CPU weights and I/O rates: told to the kernel for a container and for its group, and kept by it. */
class SharesIT extends HostedContainers {

    private static final ResourceLimits NONE = ResourceLimits.UNLIMITED;
    private static final long MIB = 1 << 20;
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

    @Test
    void slowsDirectReadsAndWritesOfAContainer() throws IOException {
        GroupId group = group(NONE);
        ContainerId id = run(group, NONE, SLEEP);
        assertThat(exec(id, null, write(4)).code()).isZero();
        host.engine().update(id, io(2 * MIB, 2 * MIB));
        assertRates(group + "/" + id, 2 * MIB);
        assertTakes(id, Duration.ofMillis(900), write(2)); // the first tenth of a second's bytes go at once
        assertTakes(id, Duration.ofMillis(900), read(2));
        host.engine().update(id, NONE);
        assertRates(group + "/" + id, null);
    }

    /** Version 1 throttles a cgroup's own processes only, not those of the cgroups in it. */
    @Test
    void slowsDirectWritesOfAGroup() throws IOException {
        GroupId group = group(io(2 * MIB, 2 * MIB));
        ContainerId id = run(group, NONE, SLEEP);
        assertRates(group.value(), 2 * MIB);
        if (!find(group.value(), "io.max").isEmpty()) {
            assertTakes(id, Duration.ofMillis(900), write(2));
        }
    }

    /** A host that is slow for other reasons takes longer still. */
    private static void assertTakes(ContainerId id, Duration atLeast, String... command) {
        long begun = System.nanoTime();
        assertThat(exec(id, null, command)).extracting(Output::code).isEqualTo(0);
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThan(atLeast);
    }

    private static void assertRates(String cgroup, @Nullable Long bytesPerSecond) throws IOException {
        List<String> told = rates(cgroup)
                .lines()
                .map(line -> line.replaceFirst("^\\d+:\\d+ ", ""))
                .toList();
        if (bytesPerSecond == null) {
            assertThat(told).isEmpty();
        } else {
            assertThat(told)
                    .isNotEmpty()
                    .allMatch(rate -> rate.equals("" + bytesPerSecond)
                            || rate.startsWith("rbps=" + bytesPerSecond + " wbps=" + bytesPerSecond));
        }
    }

    private static String[] write(int mib) {
        return direct("if=/dev/zero", "of=/file", "oflag=direct", mib);
    }

    private static String[] read(int mib) {
        return direct("if=/file", "of=/dev/null", "iflag=direct", mib);
    }

    private static String[] direct(String from, String to, String flag, int mib) {
        return new String[] {"dd", from, to, flag, "bs=64k", "count=" + mib * 16, "conv=notrunc"};
    }

    private static long cpuNanos(ContainerId id) {
        return host.engine().stats(id).cpuNanos();
    }

    private static long weightOf(String cgroup) throws IOException {
        return Long.parseLong(find(cgroup, "cpu.weight", "cpu.shares").get(0));
    }

    /** What the kernel says of I/O rates; nothing where there is no limit. */
    private static String rates(String cgroup) throws IOException {
        return String.join(
                        "\n",
                        find(cgroup, "io.max", "blkio.throttle.read_bps_device", "blkio.throttle.write_bps_device"))
                .strip();
    }

    /** The contents of these files of a cgroup, of those that its hierarchies have. */
    private static List<String> find(String cgroup, String... names) throws IOException {
        List<String> found = new ArrayList<>();
        for (Path hierarchy : host.cgroups(cgroup)) {
            for (String name : names) {
                Path file = hierarchy.resolve(name);
                if (Files.exists(file)) {
                    found.add(Files.readString(file).strip());
                }
            }
        }
        return found;
    }

    private static ResourceLimits weight(long weight) {
        return new ResourceLimits(null, null, null, weight, null, null);
    }

    private static ResourceLimits io(long read, long write) {
        return new ResourceLimits(null, null, null, null, read, write);
    }
}
