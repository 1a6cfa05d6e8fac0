package io.berth.engine.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.berth.engine.ContainerId;
import io.berth.engine.ContainerStats;
import io.berth.engine.ExecId;
import io.berth.engine.Exit;
import io.berth.engine.GroupId;
import io.berth.engine.GroupSpec;
import io.berth.engine.Received;
import io.berth.engine.ResourceLimits;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** Limits hold: a container's own, its group's over all of them, and changed ones at once. */
@Isolated("it compares what busy loops get")
class LimitsIT extends HostedContainers {

    private static final ResourceLimits NONE = ResourceLimits.UNLIMITED;
    private static final long MIB = 1 << 20;
    private static final List<String> BUSY = List.of("sh", "-c", "while :; do :; done");
    private static final List<String> FORK_BOMB = List.of(
            "sh", "-c", "(while :; do sleep 1000 & done); exec sleep 1000"); // its own last fork fails, and it goes on

    @Test
    void killsWhatNeedsMoreMemoryThanItsLimit() {
        ContainerId id = run(group(NONE), memory(32 * MIB), allocate(100));
        Exit exit = awaitExit(id);
        assertThat(exit.code()).isEqualTo(137);
        assertThat(exit.oomKilled()).isTrue();
    }

    @Test
    void tellsAKillFromAWantOfMemory() {
        ContainerId id = run(group(NONE), memory(32 * MIB), SLEEP);
        Exit exit = host.engine().kill(id);
        assertThat(exit.code()).isEqualTo(137);
        assertThat(exit.oomKilled()).isFalse();
    }

    /** conmon notes it in a file of its working directory, which must not be one of the host's. */
    @Test
    void notesAWantOfMemoryAmongTheContainersOwnFiles() {
        ContainerId id = run(
                group(NONE),
                memory(32 * MIB),
                List.of("sh", "-c", String.join(" ", allocate(100)) + "; exec sleep 1000000"));
        await().atMost(SOON).until(() -> Files.exists(host.bundle(id).resolve("oom")));
        assertThat(host.engine().stats(id).oomKills()).isOne();
    }

    @Test
    void holdsAGroupsMemoryThoughItsContainersMayHaveMore() {
        GroupId group = group(memory(48 * MIB));
        ContainerId modest = run(group, memory(48 * MIB), SLEEP);
        ContainerId hog = run(group, memory(144 * MIB), allocate(100));
        assertThat(awaitExit(hog).code()).isEqualTo(137);
        assertThat(awaitExit(hog).oomKilled()).isTrue();
        assertThat(sh(modest, "echo fine").stdout()).isEqualTo("fine\n");
        assertThat(host.engine().stats(modest).oomKills()).isZero();
    }

    @Test
    void holdsAGroupsProcessesThoughItsContainersMayHaveMore() {
        GroupId group = group(pids(40));
        ContainerId one = run(group, pids(120), SLEEP);
        ContainerId other = run(group, pids(120), SLEEP);
        bomb(one);
        bomb(other);
        await().atMost(SOON).until(() -> host.engine().groupStats(group).pids() >= 30);
        assertThat(host.engine().groupStats(group).pids()).isLessThanOrEqualTo(40);
    }

    @Test
    void stopsAForkBombAndLeavesOthersAlone() {
        GroupId group = group(NONE);
        ContainerId other = run(group, NONE, SLEEP);
        ContainerId bomb = run(group, pids(25), FORK_BOMB);
        await().atMost(SOON)
                .until(() -> host.engine().stats(bomb).pids() >= 20
                        || host.engine().status(bomb).orElseThrow() instanceof io.berth.engine.ContainerStatus.Stopped);
        assertThat(sh(other, "echo fine").stdout()).isEqualTo("fine\n");
        assertThat(host.engine().groupStats(group).pids()).isLessThanOrEqualTo(30);
    }

    @Test
    void givesABusyLoopItsShareOfTheCpu() {
        ContainerId id = run(group(NONE), cpu(200), BUSY);
        assertThat(share(() -> host.engine().stats(id))).isLessThan(0.4);
        assertThat(host.engine().stats(id).cpuThrottledNanos()).isPositive();
    }

    @Test
    void holdsAGroupsCpuThoughItsContainersMayHaveMore() {
        GroupId group = group(cpu(200));
        for (int i = 0; i < 3; i++) {
            run(group, cpu(200), BUSY);
        }
        assertThat(share(() -> host.engine().groupStats(group))).isLessThan(0.4);
    }

    @Test
    void leavesAGroupItsShareBesideABusyOne() {
        int cores = Runtime.getRuntime().availableProcessors();
        GroupId modest = group(NONE);
        GroupId greedy = group(NONE);
        for (int i = 0; i < cores; i++) {
            run(modest, NONE, BUSY);
            for (int more = 0; more < 4; more++) {
                run(greedy, NONE, BUSY);
            }
        }
        long modestBefore = host.engine().groupStats(modest).cpuNanos();
        long greedyBefore = host.engine().groupStats(greedy).cpuNanos();
        await().atMost(SOON).until(() -> host.engine().groupStats(greedy).cpuNanos() - greedyBefore > 1_000_000_000L);
        double modestUsed = host.engine().groupStats(modest).cpuNanos() - modestBefore;
        double greedyUsed = host.engine().groupStats(greedy).cpuNanos() - greedyBefore;
        assertThat(modestUsed / greedyUsed).isGreaterThan(0.5); // a quarter, if only processes counted
    }

    @Test
    void changesLimitsOfWhatRuns() {
        ContainerId id = run(group(NONE), NONE, SLEEP);
        assertThat(exec(id, null, allocate(60).toArray(String[]::new)).code()).isZero();
        host.engine().update(id, memory(32 * MIB));
        assertThat(exec(id, null, allocate(60).toArray(String[]::new)).code()).isEqualTo(137);
        assertThat(host.engine().stats(id).memoryLimitBytes()).isEqualTo(32 * MIB);
        host.engine().update(id, NONE);
        assertThat(exec(id, null, allocate(60).toArray(String[]::new)).code()).isZero();
    }

    @Test
    void changesTheCpuLimitOfAGroupThatRuns() {
        GroupId group = group(cpu(900));
        run(group, cpu(900), BUSY);
        run(group, cpu(900), BUSY);
        limit(group, cpu(200));
        assertThat(share(() -> host.engine().groupStats(group))).isLessThan(0.4);
        limit(group, cpu(900));
        await().atMost(SOON).until(() -> share(() -> host.engine().groupStats(group)) > 0.4);
    }

    /** Processes above it go on. */
    @Test
    void changesThePidsLimitOfAGroupThatRuns() {
        GroupId group = group(NONE);
        ContainerId id = run(group, NONE, SLEEP);
        String twenty = "for i in $(seq 20); do sleep 1000 >/dev/null 2>&1 & done; echo all";
        assertThat(sh(id, twenty).stdout()).isEqualTo("all\n");
        limit(group, pids(12));
        assertThat(host.engine().groupPids(group)).isGreaterThan(20);
        limit(group, pids(30));
        assertThat(sh(id, twenty).stderr()).contains("fork");
        assertThat(host.engine().groupPids(group)).isLessThanOrEqualTo(30);
        limit(group, NONE);
        assertThat(sh(id, twenty).stdout()).isEqualTo("all\n");
    }

    private static void limit(GroupId group, ResourceLimits limits) {
        host.engine().ensureGroup(new GroupSpec(group, limits));
    }

    @Test
    void stopsTheCpuUseOfWhatIsPaused() {
        ContainerId id = run(group(NONE), cpu(500), BUSY);
        await().atMost(SOON).until(() -> cpuNanos(id) > 0);
        host.engine().pause(id);
        long paused = cpuNanos(id);
        await().atMost(SOON).during(Duration.ofMillis(500)).until(() -> cpuNanos(id) == paused);
        host.engine().resume(id);
        await().atMost(SOON).until(() -> cpuNanos(id) > paused);
    }

    /** Starts a fork bomb beside the main process, and does not wait for it. */
    private static void bomb(ContainerId id) {
        host.engine()
                .exec(id, new ExecId("bomb"), process(FORK_BOMB, null), false)
                .listen(0, new Received());
    }

    private static long cpuNanos(ContainerId id) {
        return host.engine().stats(id).cpuNanos();
    }

    /** CPU time used over time gone by, of a second and more. */
    private static double share(Supplier<ContainerStats> stats) {
        await().atMost(SOON).until(() -> stats.get().cpuThrottledNanos() > 0);
        ContainerStats before = stats.get();
        await().atMost(SOON).until(() -> between(before, stats.get()).compareTo(Duration.ofSeconds(2)) > 0);
        ContainerStats after = stats.get();
        return (double) (after.cpuNanos() - before.cpuNanos())
                / between(before, after).toNanos();
    }

    private static Duration between(ContainerStats before, ContainerStats after) {
        return Duration.between(before.at(), after.at());
    }

    /** Fills that many MiB in one process. */
    private static List<String> allocate(int mib) {
        return List.of("dd", "if=/dev/zero", "of=/dev/null", "bs=" + mib + "M", "count=1");
    }

    private static ResourceLimits memory(long bytes) {
        return limits(null, bytes, null);
    }

    private static ResourceLimits pids(long count) {
        return limits(null, null, count);
    }

    private static ResourceLimits cpu(long milliCpus) {
        return limits(milliCpus, null, null);
    }

    private static ResourceLimits limits(@Nullable Long milliCpus, @Nullable Long memory, @Nullable Long pids) {
        return new ResourceLimits(milliCpus, memory, pids, null, null, null);
    }
}
