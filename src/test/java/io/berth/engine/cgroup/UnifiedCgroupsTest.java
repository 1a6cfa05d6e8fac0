package io.berth.engine.cgroup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.berth.engine.EngineException;
import io.berth.engine.ResourceLimits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnifiedCgroupsTest {

    private static final ResourceLimits LIMITS = new ResourceLimits(1500L, 64L << 20, 50L, 200L, 1_000_000L, null);

    @TempDir
    Path mount;

    private Path group;
    private Path container;
    private Cgroups cgroups;

    @BeforeEach
    void makeFiles() throws IOException {
        FakeCgroup.v2(mount);
        FakeCgroup.v2(mount.resolve("berth-t"));
        group = FakeCgroup.v2(mount.resolve("berth-t/g"));
        container = FakeCgroup.v2(group.resolve("c"));
        cgroups = new UnifiedCgroups(mount, "berth-t", Optional.of("8:0"), NoSyscalls.INSTANCE);
    }

    @Test
    void writesEveryLimit() throws IOException {
        cgroups.ensure("g/c", LIMITS);

        assertThat(FakeCgroup.content(container.resolve("cpu.max"))).isEqualTo("150000 100000");
        assertThat(FakeCgroup.content(container.resolve("cpu.weight"))).isEqualTo("200");
        assertThat(FakeCgroup.content(container.resolve("memory.max"))).isEqualTo("67108864");
        assertThat(FakeCgroup.content(container.resolve("memory.swap.max"))).isEqualTo("0");
        assertThat(FakeCgroup.content(container.resolve("memory.oom.group"))).isEqualTo("0");
        assertThat(FakeCgroup.content(container.resolve("pids.max"))).isEqualTo("50");
        assertThat(FakeCgroup.content(container.resolve("io.max"))).isEqualTo("8:0 rbps=1000000 wbps=max");
    }

    @Test
    void chargesMonitorsInALeafOfTheGroup() throws IOException {
        Path monitors = FakeCgroup.v2(group.resolve("monitors"));
        cgroups.charge("g", 4711);
        assertThat(FakeCgroup.content(monitors.resolve("cgroup.procs"))).isEqualTo("4711");
        assertThat(cgroups.children("g")).containsExactly("c");
    }

    @Test
    void liftsLimitsThatAreNull() throws IOException {
        cgroups.ensure("g/c", LIMITS);
        cgroups.limit("g/c", ResourceLimits.UNLIMITED);

        assertThat(FakeCgroup.content(container.resolve("cpu.max"))).isEqualTo("max 100000");
        assertThat(FakeCgroup.content(container.resolve("cpu.weight"))).isEqualTo("100");
        assertThat(FakeCgroup.content(container.resolve("memory.max"))).isEqualTo("max");
        assertThat(FakeCgroup.content(container.resolve("pids.max"))).isEqualTo("max");
        assertThat(FakeCgroup.content(container.resolve("io.max"))).isEqualTo("8:0 rbps=max wbps=max");
    }

    @Test
    void keepsAMemoryLimitThatUseHasPassedForAMoment() throws IOException {
        Files.writeString(container.resolve("memory.max"), "4096\n"); // and 5000 are in use
        cgroups.limit("g/c", new ResourceLimits(100L, 4096L, null, null, null, null));
        assertThat(FakeCgroup.content(container.resolve("cpu.max"))).isEqualTo("10000 100000");
    }

    @Test
    void handsControllersDownToEveryLevelButTheLast() throws IOException {
        cgroups.ensure("g/c", ResourceLimits.UNLIMITED);

        for (Path level : new Path[] {mount, mount.resolve("berth-t"), group}) {
            assertThat(FakeCgroup.content(level.resolve("cgroup.subtree_control")))
                    .isEqualTo("+cpu +memory +pids +io");
        }
        assertThat(FakeCgroup.content(container.resolve("cgroup.subtree_control")))
                .isEmpty();
    }

    @Test
    void leavesControllersAloneThatAreHandedDownAlready() throws IOException {
        Files.writeString(mount.resolve("cgroup.subtree_control"), "cpu io memory pids\n");
        Files.writeString(mount.resolve("berth-t/cgroup.subtree_control"), "memory pids\n");

        cgroups.ensure("g", ResourceLimits.UNLIMITED);

        assertThat(FakeCgroup.content(mount.resolve("cgroup.subtree_control"))).isEqualTo("cpu io memory pids");
        assertThat(FakeCgroup.content(mount.resolve("berth-t/cgroup.subtree_control")))
                .isEqualTo("+cpu +io");
    }

    @Test
    void saysWhichControllersAreNotDelegated() throws IOException {
        Files.writeString(mount.resolve("cgroup.controllers"), "memory pids\n");

        assertThatThrownBy(() -> cgroups.ensure("g", ResourceLimits.UNLIMITED))
                .isInstanceOfSatisfying(
                        EngineException.class,
                        e -> assertThat(e.reason()).isEqualTo(EngineException.Reason.HOST_INCOMPLETE))
                .hasMessageContaining("[memory, pids]")
                .hasMessageContaining("Delegate=yes");
    }

    @Test
    void refusesAnIoLimitThatNothingWouldHold() throws IOException {
        Cgroups withoutDisk = new UnifiedCgroups(mount, "berth-t", Optional.empty(), NoSyscalls.INSTANCE);

        withoutDisk.ensure("g/c", ResourceLimits.UNLIMITED);
        assertThatThrownBy(() -> withoutDisk.limit("g/c", LIMITS))
                .isInstanceOf(EngineException.class)
                .hasMessageContaining("block device");
    }

    @Test
    void readsUsageOfTheDataDirectorysDisk() throws IOException {
        assertThat(cgroups.usage("g/c")).isEqualTo(new Cgroups.Usage(2_000_000, 7_000, 5000, 4000, 4, 1024, 2048, 2));
        assertThat(cgroups.oomKills("g/c")).isEqualTo(2);
    }

    @Test
    void listsProcessesOfAllLevelsOnceAndNeverProcessZero() throws IOException {
        Files.writeString(group.resolve("cgroup.procs"), "0\n7\n");
        Files.writeString(container.resolve("cgroup.procs"), "12\n7\n");

        assertThat(cgroups.processes("g")).containsExactly(7, 12);
    }

    @Test
    void listsChildren() throws IOException {
        assertThat(cgroups.children("")).containsExactly("g");
        assertThat(cgroups.children("g")).containsExactly("c");
        assertThat(cgroups.children("g/c")).isEmpty();
        assertThat(cgroups.children("none")).isEmpty();
    }

    @Test
    void takesAMissingCgroupForEmpty() throws IOException {
        cgroups.kill("none");
        cgroups.remove("none");

        assertThat(cgroups.processes("none")).isEmpty();
        assertThat(cgroups.oomKills("none")).isZero();
        assertThatThrownBy(() -> cgroups.usage("none")).isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void namesThePathForTheRuntime() {
        assertThat(cgroups.ociPath("g/c")).isEqualTo("/berth-t/g/c");
        assertThat(cgroups.mode()).isEqualTo("v2");
    }

    @Test
    void refusesPathsThatLeadOut() {
        for (String path : new String[] {"..", "g/../..", "/g", "g/", "g//c", "G", "g/.."}) {
            assertThatThrownBy(() -> cgroups.remove(path)).isInstanceOf(IllegalArgumentException.class);
        }
    }
}
