package io.berth.engine.cgroup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.berth.engine.EngineException;
import io.berth.engine.HostLayout;
import io.berth.engine.ResourceLimits;
import io.berth.engine.mount.MountTable;
import io.berth.engine.syscall.JnrSyscalls;
import io.berth.engine.syscall.Syscalls;
import io.berth.testing.RequiresRoot;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On whichever cgroup version the host has. */
@RequiresRoot
class CgroupsIT {

    private static final Syscalls SYSCALLS = new JnrSyscalls();
    private static final String CONTAINER = "g/c";

    @TempDir
    Path directory;

    private final List<Process> processes = new ArrayList<>();
    private HostLayout layout;
    private Cgroups cgroups;

    @BeforeEach
    void detect() throws IOException {
        byte[] instance = new byte[3];
        ThreadLocalRandom.current().nextBytes(instance);
        layout = new HostLayout(directory, directory, HexFormat.of().formatHex(instance));
        cgroups = CgroupsFactory.detect(layout, SYSCALLS);
        cgroups.ensure("g", ResourceLimits.UNLIMITED);
    }

    @AfterEach
    void leaveNoCgroup() throws Exception {
        cgroups.remove("");
        for (Process process : processes) {
            process.destroyForcibly().waitFor();
        }
        for (CgroupMounts.Hierarchy hierarchy : hierarchies()) {
            assertThat(hierarchy.mountPoint().resolve(layout.cgroupRoot())).doesNotExist();
        }
    }

    @Test
    void killsWhatGoesAboveItsMemoryAndCountsIt() throws Exception {
        cgroups.ensure(CONTAINER, memory(32L << 20));

        Process hog = start("exec tail /dev/zero");

        assertThat(hog.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(hog.exitValue()).isEqualTo(137);
        assertThat(cgroups.oomKills(CONTAINER)).isEqualTo(1);
        assertThat(cgroups.oomKills("g")).isEqualTo(1);
        assertThat(cgroups.usage(CONTAINER).oomKills()).isEqualTo(1);
    }

    @Test
    void countsInTheContainerAKillForTheGroupsMemory() throws Exception {
        cgroups.limit("g", memory(32L << 20));
        cgroups.ensure(CONTAINER, ResourceLimits.UNLIMITED);

        assertThat(start("exec tail /dev/zero").waitFor(60, TimeUnit.SECONDS)).isTrue();

        assertThat(cgroups.oomKills(CONTAINER)).isEqualTo(1);
    }

    @Test
    void raisesAndLowersMemory() throws IOException {
        for (Long mebibytes : new Long[] {64L, 32L, 128L, null, 64L}) {
            cgroups.ensure(CONTAINER, memory(mebibytes == null ? null : mebibytes << 20));
        }
        Path written =
                cgroups.mode().equals("v2") ? file(CONTAINER, "memory.max") : file(CONTAINER, "memory.limit_in_bytes");
        assertThat(written).content().isEqualToIgnoringNewLines(Long.toString(64L << 20));
    }

    @Test
    void doesNotTakeMemoryAwayThatIsInUse() throws Exception {
        cgroups.ensure(CONTAINER, memory(128L << 20));
        start("{ head -c 40000000 /dev/zero; sleep 60; } | tail -c 39000000");
        await().until(() -> cgroups.usage(CONTAINER).memoryWorkingSetBytes() > 35_000_000);

        assertThatThrownBy(() -> cgroups.limit(CONTAINER, memory(4L << 20)))
                .isInstanceOfSatisfying(
                        EngineException.class, e -> assertThat(e.reason()).isEqualTo(EngineException.Reason.INVALID))
                .hasMessageContaining("4194304");
        assertThat(cgroups.oomKills(CONTAINER)).isZero();
        cgroups.limit(CONTAINER, memory(120L << 20));
    }

    @Test
    void takesThePageCacheToGetBelowANewMemoryLimit() throws Exception {
        cgroups.ensure(CONTAINER, memory(128L << 20));
        Path file = directory.resolve("file");
        Path done = directory.resolve("done");
        start("head -c 60000000 /dev/zero > " + file + "; sync " + file + "; : > " + done + "; exec sleep 60");
        await().atMost(Duration.ofSeconds(30)).until(() -> Files.exists(done));
        assertThat(cgroups.usage(CONTAINER).memoryBytes()).isGreaterThan(50_000_000);

        cgroups.limit(CONTAINER, memory(16L << 20));

        assertThat(cgroups.usage(CONTAINER).memoryBytes()).isLessThanOrEqualTo(16L << 20);
        assertThat(cgroups.oomKills(CONTAINER)).isZero();
    }

    /** They need time to end, of which they have hardly any. */
    @Test
    void killsManyThatMayHardlyRun() throws Exception {
        cgroups.ensure(CONTAINER, ResourceLimits.UNLIMITED);
        start("for i in $(seq 500); do sleep 1000 & done; while :; do :; done");
        await().until(() -> cgroups.pids(CONTAINER) > 500);
        cgroups.limit(CONTAINER, cpu(1));
        cgroups.limit("g", cpu(1));

        cgroups.kill(CONTAINER);

        assertThat(cgroups.processes(CONTAINER)).isEmpty();
        for (String path : List.of("g", CONTAINER)) {
            assertThat(cpuLimit(path)).isEqualTo("1000");
        }
    }

    private String cpuLimit(String path) throws IOException {
        return cgroups.mode().equals("v2")
                ? Files.readString(file(path, "cpu.max")).split(" ")[0]
                : Files.readString(file(path, "cpu.cfs_quota_us")).strip();
    }

    @Test
    void stopsAForkBombAtItsLimitAndKillsIt() throws Exception {
        cgroups.ensure(CONTAINER, new ResourceLimits(500L, null, 30L, null, null, null));
        start("bomb() { bomb | bomb & }; while :; do bomb; done 2>/dev/null");
        await().until(() -> cgroups.usage(CONTAINER).pids() >= 25);

        assertThat(cgroups.usage(CONTAINER).pids()).isLessThanOrEqualTo(30);
        cgroups.kill(CONTAINER);
        cgroups.kill(CONTAINER);

        assertThat(cgroups.processes(CONTAINER)).isEmpty();
        // the dead still count until whoever adopted them has reaped them
        await().until(() -> cgroups.usage(CONTAINER).pids() == 0);
    }

    @Test
    void freezesAndThaws() throws Exception {
        cgroups.ensure(CONTAINER, new ResourceLimits(200L, null, null, null, null, null));
        start("while :; do :; done");
        await().until(() -> cgroups.usage(CONTAINER).cpuNanos() > 50_000_000);

        cgroups.freeze(CONTAINER, true);
        assertThat(cgroups.isFrozen(CONTAINER)).isTrue();
        long atRest = cgroups.usage(CONTAINER).cpuNanos();
        assertThat(cgroups.usage(CONTAINER).cpuNanos()).isEqualTo(atRest);

        cgroups.freeze(CONTAINER, false);
        assertThat(cgroups.isFrozen(CONTAINER)).isFalse();
        await().until(() -> cgroups.usage(CONTAINER).cpuNanos() > atRest + 20_000_000);
        await().until(() -> cgroups.usage(CONTAINER).cpuThrottledNanos() > 0);
    }

    @Test
    void killsFrozenProcesses() throws Exception {
        cgroups.ensure(CONTAINER, ResourceLimits.UNLIMITED);
        Process sleeper = start("sleep 60");
        cgroups.freeze(CONTAINER, true);

        cgroups.kill("g");

        assertThat(sleeper.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(cgroups.processes("g")).isEmpty();
    }

    @Test
    void removesACgroupWithProcessesAndCgroupsInIt() throws Exception {
        cgroups.ensure(CONTAINER, ResourceLimits.UNLIMITED);
        Process sleeper = start("sleep 60");
        assertThat(cgroups.children("")).containsExactly("g");
        assertThat(cgroups.children("g")).containsExactly("c");
        assertThat(cgroups.processes("g")).contains((int) sleeper.pid());

        cgroups.remove("g");
        cgroups.remove("g");

        assertThat(cgroups.children("")).isEmpty();
        assertThat(sleeper.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(cgroups.oomKills(CONTAINER)).isZero();
    }

    @Test
    void takesAContainersCpuLimitAboveItsGroups() throws IOException {
        cgroups.limit("g", new ResourceLimits(1500L, null, null, null, null, null));
        cgroups.ensure(CONTAINER, new ResourceLimits(1000L, null, null, null, null, null));
        cgroups.limit("g", new ResourceLimits(5L, null, null, null, null, null));
        cgroups.limit(CONTAINER, new ResourceLimits(2000L, null, null, 10_000L, null, null));
        cgroups.limit("g", new ResourceLimits(3000L, null, null, 1L, null, null));
        cgroups.limit("g", ResourceLimits.UNLIMITED);

        Path written = cgroups.mode().equals("v2") ? file(CONTAINER, "cpu.max") : file(CONTAINER, "cpu.cfs_quota_us");
        assertThat(written).content().startsWith("200000");
    }

    @Test
    void throttlesTheDiskOfTheDataDirectory() throws IOException {
        cgroups.ensure(CONTAINER, new ResourceLimits(null, null, null, null, 1_000_000L, 2_000_000L));

        Path written = cgroups.mode().equals("v2")
                ? file(CONTAINER, "io.max")
                : file(CONTAINER, "blkio.throttle.write_bps_device");
        assertThat(written).content().contains("2000000");
        cgroups.limit(CONTAINER, ResourceLimits.UNLIMITED);
        assertThat(written).content().doesNotContain("2000000");
    }

    /** Starts a shell that waits until it is in the container's cgroup of every hierarchy. */
    private Process start(String script) throws IOException {
        Process process = new ProcessBuilder("sh", "-c", "read line; " + script)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        processes.add(process);
        for (CgroupMounts.Hierarchy hierarchy : hierarchies()) {
            Path procs = hierarchy.mountPoint().resolve(layout.cgroupRoot() + "/" + CONTAINER + "/cgroup.procs");
            if (Files.exists(procs)) {
                CgroupFiles.write(procs, Long.toString(process.pid()));
            }
        }
        process.getOutputStream().write("\n".getBytes(StandardCharsets.US_ASCII));
        process.getOutputStream().close();
        return process;
    }

    private Path file(String path, String name) throws IOException {
        return hierarchies().stream()
                .map(hierarchy -> hierarchy.mountPoint().resolve(layout.cgroupRoot() + "/" + path + "/" + name))
                .filter(Files::exists)
                .findFirst()
                .orElseThrow();
    }

    private static List<CgroupMounts.Hierarchy> hierarchies() throws IOException {
        return CgroupMounts.of(MountTable.read()).hierarchies();
    }

    private static ResourceLimits cpu(long milliCpus) {
        return new ResourceLimits(milliCpus, null, null, null, null, null);
    }

    private static ResourceLimits memory(@Nullable Long bytes) {
        return new ResourceLimits(null, bytes, null, null, null, null);
    }
}
