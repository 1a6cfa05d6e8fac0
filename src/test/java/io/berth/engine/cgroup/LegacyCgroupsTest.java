package io.berth.engine.cgroup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.berth.engine.EngineException;
import io.berth.engine.ResourceLimits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LegacyCgroupsTest {

    private static final ResourceLimits LIMITS = new ResourceLimits(500L, 64L << 20, 50L, 200L, 1_000_000L, null);

    @TempDir
    Path directory;

    private Path mount;
    private Path named;
    private Path group;
    private Path container;
    private Cgroups cgroups;

    @BeforeEach
    void makeFiles() throws IOException {
        mount = FakeCgroup.v1(directory.resolve("all"));
        named = Files.createDirectory(directory.resolve("systemd"));
        Files.writeString(mount.resolve("cpuset.cpus"), "0-3\n");
        Files.writeString(mount.resolve("cpuset.mems"), "0\n");
        FakeCgroup.v1(mount.resolve("berth-t"));
        group = FakeCgroup.v1(mount.resolve("berth-t/g"));
        container = FakeCgroup.v1(group.resolve("c"));
        cgroups = cgroups(Set.of("cpu", "cpuacct", "cpuset", "memory", "pids", "blkio", "freezer"), Optional.of("8:0"));
    }

    private Cgroups cgroups(Set<String> controllers, Optional<String> device) {
        CgroupMounts mounts = new CgroupMounts(List.of(
                new CgroupMounts.Hierarchy(mount, controllers, false),
                new CgroupMounts.Hierarchy(named, Set.of(), false)));
        return new LegacyCgroups(mounts, "berth-t", device, NoSyscalls.INSTANCE);
    }

    @Test
    void writesEveryLimit() throws IOException {
        cgroups.ensure("g/c", LIMITS);

        assertThat(value("cpu.cfs_quota_us")).isEqualTo("50000");
        assertThat(value("cpu.cfs_period_us")).isEqualTo("100000");
        assertThat(value("cpu.shares")).isEqualTo("5219");
        assertThat(value("memory.limit_in_bytes")).isEqualTo("67108864");
        assertThat(value("memory.memsw.limit_in_bytes")).isEqualTo("67108864");
        assertThat(value("memory.swappiness")).isEqualTo("0");
        assertThat(value("pids.max")).isEqualTo("50");
        assertThat(value("blkio.throttle.read_bps_device")).isEqualTo("8:0 1000000");
        assertThat(value("blkio.throttle.write_bps_device")).isEqualTo("8:0 0");
    }

    @Test
    void chargesMonitorsWithTheirProcessorTimeOnly() throws IOException {
        Path monitors = FakeCgroup.v1(group.resolve("monitors"));
        cgroups.charge("g", 4711);
        assertThat(FakeCgroup.content(monitors.resolve("cgroup.procs"))).isEqualTo("4711");
        assertThat(named.resolve("berth-t/g/monitors")).doesNotExist();
        assertThat(cgroups.children("g")).containsExactly("c");
    }

    @Test
    void chargesNobodyWhenTheGroupIsGone() {
        assertThatThrownBy(() -> cgroups.charge("gone", 4711)).isInstanceOf(NoSuchFileException.class);
        assertThat(mount.resolve("berth-t/gone")).doesNotExist();
    }

    @Test
    void liftsLimitsThatAreNull() throws IOException {
        cgroups.ensure("g/c", LIMITS);
        cgroups.limit("g/c", ResourceLimits.UNLIMITED);

        assertThat(value("cpu.cfs_quota_us")).isEqualTo("-1");
        assertThat(value("cpu.shares")).isEqualTo("2597");
        assertThat(value("memory.limit_in_bytes")).isEqualTo("-1");
        assertThat(value("memory.memsw.limit_in_bytes")).isEqualTo("-1");
        assertThat(value("pids.max")).isEqualTo("max");
        assertThat(value("blkio.throttle.read_bps_device")).isEqualTo("8:0 0");
    }

    @Test
    void turnsSwapOffWhereTheKernelDoesNotCountIt() throws IOException {
        Files.delete(container.resolve("memory.memsw.limit_in_bytes"));

        cgroups.ensure("g/c", LIMITS);

        assertThat(value("memory.limit_in_bytes")).isEqualTo("67108864");
        assertThat(value("memory.swappiness")).isEqualTo("0");
    }

    @Test
    void makesTheCgroupInNamedHierarchiesToo() throws IOException {
        cgroups.ensure("g/c", ResourceLimits.UNLIMITED);

        assertThat(named.resolve("berth-t/g/c")).isDirectory();
        cgroups.kill("g/c");
        assertThat(cgroups.children("g")).containsExactly("c");
    }

    @Test
    void copiesTheCpusetDownOnceFromTheRoot() throws IOException {
        Files.writeString(group.resolve("cpuset.cpus"), "1\n");

        cgroups.ensure("g/c", ResourceLimits.UNLIMITED);

        assertThat(FakeCgroup.content(mount.resolve("berth-t/cpuset.cpus"))).isEqualTo("0-3");
        assertThat(FakeCgroup.content(group.resolve("cpuset.cpus"))).isEqualTo("1");
        assertThat(value("cpuset.cpus")).isEqualTo("1");
        assertThat(value("cpuset.mems")).isEqualTo("0");
        assertThat(FakeCgroup.content(mount.resolve("berth-t/cgroup.clone_children")))
                .isEqualTo("1");
    }

    @Test
    void leavesACpuLimitOffWhileTheGroupsIsLower() throws IOException {
        cgroups.ensure("g", cpus(250));
        cgroups.ensure("g/c", cpus(500));
        assertThat(value("cpu.cfs_quota_us")).isEqualTo("-1");

        cgroups.limit("g", cpus(2000));

        assertThat(FakeCgroup.content(group.resolve("cpu.cfs_quota_us"))).isEqualTo("200000");
        assertThat(value("cpu.cfs_quota_us")).isEqualTo("50000");
    }

    @Test
    void liftsACpuLimitOutOfTheWayWhenTheGroupsIsLowered() throws IOException {
        cgroups.ensure("g", cpus(2000));
        cgroups.ensure("g/c", cpus(500));

        cgroups.limit("g", cpus(5));

        assertThat(value("cpu.cfs_quota_us")).isEqualTo("-1");
        assertThat(FakeCgroup.content(group.resolve("cpu.cfs_quota_us"))).isEqualTo("5000");
        assertThat(FakeCgroup.content(group.resolve("cpu.cfs_period_us"))).isEqualTo("1000000");
    }

    @Test
    void refusesAnIoLimitThatNothingWouldHold() {
        Cgroups withoutBlkio = cgroups(Set.of("cpu", "memory", "pids"), Optional.of("8:0"));

        assertThatThrownBy(() -> withoutBlkio.limit("g/c", LIMITS))
                .isInstanceOf(EngineException.class)
                .hasMessageContaining("blkio");
    }

    @Test
    void readsUsageAndAddsUpKillsBelow() throws IOException {
        assertThat(cgroups.usage("g/c")).isEqualTo(new Cgroups.Usage(2_000_000, 7_000, 5000, 4000, 4, 1024, 2048, 2));
        assertThat(cgroups.oomKills("g")).isEqualTo(4);
        assertThat(cgroups.oomKills("none")).isZero();
    }

    @Test
    void freezesAndThaws() throws IOException {
        cgroups.freeze("g/c", true);
        assertThat(cgroups.isFrozen("g/c")).isTrue();
        cgroups.freeze("g/c", false);
        assertThat(cgroups.isFrozen("g/c")).isFalse();
    }

    @Test
    void saysThatPausingNeedsTheFreezer() {
        assertThatThrownBy(() -> cgroups(Set.of("cpu", "memory", "pids"), Optional.empty())
                        .freeze("g/c", true))
                .isInstanceOf(EngineException.class)
                .hasMessageContaining("freezer");
    }

    private String value(String file) throws IOException {
        return FakeCgroup.content(container.resolve(file));
    }

    private static ResourceLimits cpus(long milli) {
        return new ResourceLimits(milli, null, null, null, null, null);
    }
}
