package io.berth.engine.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.berth.engine.ContainerId;
import io.berth.engine.GroupId;
import io.berth.engine.GroupSpec;
import io.berth.engine.ResourceLimits;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** I/O rates: told to the kernel for a container and for its group, and kept by it. A slow host takes longer still. */
class IoRatesIT extends HostedContainers {

    private static final ResourceLimits NONE = ResourceLimits.UNLIMITED;
    private static final long KIB = 1 << 10;
    private static final long MIB = 1 << 20;

    @Test
    void slowsDirectReadsAndWritesOfAContainer() throws IOException {
        GroupId group = group(NONE);
        ContainerId id = run(group, NONE, SLEEP);
        assertThat(exec(id, null, write(4)).code()).isZero();
        host.engine().update(id, io(2 * MIB));
        assertRates(group + "/" + id, 2 * MIB);
        // the first tenth of a second's bytes go at once
        assertTakes(Duration.ofMillis(900), () -> assertDoes(id, write(2)));
        assertTakes(Duration.ofMillis(900), () -> assertDoes(id, read(2)));
        host.engine().update(id, NONE);
        assertRates(group + "/" + id, null);
    }

    /** Version 1 throttles a cgroup's own processes only, not those of the cgroups in it. */
    @Test
    void holdsAGroupsRateThoughItsContainersMayHaveMore() throws IOException {
        GroupId group = group(io(2 * MIB));
        List<ContainerId> three =
                Stream.generate(() -> run(group, io(2 * MIB), SLEEP)).limit(3).toList();
        assertRates(group.value(), 2 * MIB);
        if (holdsGroups()) {
            assertTakes(Duration.ofMillis(2500), () -> together(three, write(2)));
            assertTakes(Duration.ofMillis(2500), () -> together(three, read(2)));
        }
        host.engine().ensureGroup(new GroupSpec(group, NONE));
        assertRates(group.value(), null);
    }

    /**
     * What the kernel writes later, of the page cache. On version 1 it does not know for whom, so that it is nobody's and
     * nothing holds it.
     */
    @Test
    void holdsAndCountsBufferedWritesOfAGroup() {
        ContainerId id = run(group(io(2 * MIB)), NONE, SLEEP);
        long before = host.engine().stats(id).ioWriteBytes();
        Duration taken = time(() -> {
            assertDoes(id, "dd", "if=/dev/zero", "of=/later", "bs=64k", "count=64");
            flush(host.rootfs(id).resolve("later"));
        });
        long written = host.engine().stats(id).ioWriteBytes() - before;
        if (holdsGroups()) {
            assertThat(written).isGreaterThanOrEqualTo(4 * MIB);
            assertThat(taken).isGreaterThan(Duration.ofMillis(1500));
        } else {
            assertThat(written).isLessThan(MIB);
        }
    }

    /** By a process that is none of the container's. */
    private static void flush(Path file) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void keepsNobodyElseWaitingForWhatOneWritesSlowly() {
        ContainerId slow = run(group(NONE), io(MIB), SLEEP);
        ContainerId other = run(group(NONE), NONE, SLEEP);
        CompletableFuture<Output> writing = CompletableFuture.supplyAsync(
                () -> exec(slow, null, "dd", "if=/dev/zero", "of=/slow", "bs=1M", "count=48", "conv=fsync"));
        await().atMost(SOON).until(() -> size(host.rootfs(slow).resolve("slow")) == 48 * MIB);
        for (int i = 0; i < 3; i++) {
            assertDoes(other, "dd", "if=/dev/zero", "of=/quick" + i, "bs=4k", "count=1", "conv=fsync");
        }
        assertThat(writing).isNotDone();
        host.engine().update(slow, NONE); // which also lets go what waits already
        assertThat(writing.join().code()).isZero();
    }

    /** A process that waits for its I/O is deaf to SIGKILL, and its rate would make that two minutes. */
    @Test
    void killsWhatWaitsForItsRate() {
        killWhileItWaits(group(NONE), io(64 * KIB));
    }

    @Test
    void killsWhatWaitsForItsGroupsRateWhichStays() throws IOException {
        GroupId group = group(io(64 * KIB));
        if (holdsGroups()) {
            killWhileItWaits(group, NONE);
        }
        assertRates(group.value(), 64 * KIB);
    }

    private void killWhileItWaits(GroupId group, ResourceLimits limits) {
        ContainerId id = run(group, limits, SLEEP);
        CompletableFuture<Output> writing = writesAtOnce(id);
        await().atMost(SOON).until(() -> waitsForIo(group + "/" + id));
        assertThat(host.engine().kill(id).code()).isEqualTo(137);
        assertThat(writing.join().code()).isEqualTo(137);
    }

    private static CompletableFuture<Output> writesAtOnce(ContainerId id) {
        return CompletableFuture.supplyAsync(
                () -> exec(id, null, "dd", "if=/dev/zero", "of=/slow", "bs=8M", "count=1", "oflag=direct"));
    }

    private static boolean waitsForIo(String cgroup) throws IOException {
        for (String pids : cgroupFiles(cgroup, "cgroup.procs")) {
            for (String pid : pids.lines().toList()) {
                if (status(Integer.parseInt(pid), "State").startsWith("D")) {
                    return true;
                }
            }
        }
        return false;
    }

    private static long size(Path file) throws IOException {
        return Files.exists(file) ? Files.size(file) : -1;
    }

    /** Whether the kernel holds what a group's containers do together. */
    private static boolean holdsGroups() {
        return "groups".equals(host.engine().info().features().get("ioLimits"));
    }

    private static void together(List<ContainerId> ids, String... command) {
        CompletableFuture<?>[] all = ids.stream()
                .map(id -> CompletableFuture.runAsync(() -> assertDoes(id, command)))
                .toArray(CompletableFuture[]::new);
        CompletableFuture.allOf(all).join();
    }

    private static void assertDoes(ContainerId id, String... command) {
        assertThat(exec(id, null, command)).extracting(Output::code).isEqualTo(0);
    }

    private static void assertTakes(Duration atLeast, Runnable work) {
        assertThat(time(work)).isGreaterThan(atLeast);
    }

    private static Duration time(Runnable work) {
        long begun = System.nanoTime();
        work.run();
        return Duration.ofNanos(System.nanoTime() - begun);
    }

    private static void assertRates(String cgroup, @Nullable Long bytesPerSecond) throws IOException {
        List<String> told =
                cgroupFiles(cgroup, "io.max", "blkio.throttle.read_bps_device", "blkio.throttle.write_bps_device")
                        .stream()
                        .flatMap(String::lines)
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

    private static ResourceLimits io(long bytesPerSecond) {
        return new ResourceLimits(null, null, null, null, bytesPerSecond, bytesPerSecond);
    }
}
