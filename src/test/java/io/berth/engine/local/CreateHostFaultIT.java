package io.berth.engine.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.berth.engine.ContainerId;
import io.berth.engine.EngineException;
import io.berth.engine.ResourceLimits;
import io.berth.engine.mount.MountTable;
import io.berth.engine.syscall.Fd;
import io.berth.engine.syscall.Flags;
import io.berth.engine.syscall.JnrSyscalls;
import io.berth.engine.syscall.Syscalls;
import io.berth.testing.KernelTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the kernel refuses by itself: cgroups, their limits, devices, network namespaces. */
@KernelTest
class CreateHostFaultIT {

    /** Of either cgroup version, as far as they are there. */
    private static final List<String> WRITTEN = List.of(
            "cpu.shares",
            "cpu.cfs_quota_us",
            "cpu.max",
            "cpu.weight",
            "memory.limit_in_bytes",
            "memory.memsw.limit_in_bytes",
            "memory.max",
            "memory.swap.max",
            "pids.max",
            "blkio.throttle.read_bps_device",
            "blkio.throttle.write_bps_device",
            "io.max");

    private final Syscalls syscalls = new JnrSyscalls();
    private FaultyHost host;

    @BeforeEach
    void open() throws IOException {
        host = new FaultyHost(syscalls, Optional.empty(), Optional.empty());
    }

    @AfterEach
    void close() throws IOException {
        host.close();
    }

    @Test
    void leavesNothingWhenACgroupCannotBeMade() throws IOException {
        for (Path group : host.host.cgroups(FaultyHost.GROUP.value())) {
            if (Files.exists(group)) { // version 2 is not used beside version 1
                failsWhileReadOnly(group, host.next());
            }
        }
        host.createAndDelete();
    }

    @Test
    void leavesNothingWhenALimitCannotBeSet() throws IOException {
        List<String> refused = new ArrayList<>();
        for (String file : WRITTEN) {
            ContainerId id = host.next();
            Optional<Path> written = made(id).stream()
                    .map(cgroup -> cgroup.resolve(file))
                    .filter(Files::exists)
                    .findFirst();
            if (written.isPresent()) {
                failsWhileReadOnly(written.get(), id);
                refused.add(file);
            } else {
                host.createAndDelete(id); // one that is there already is no obstacle
            }
        }
        assertThat(refused).hasSizeGreaterThan(2);
        host.createAndDelete();
    }

    @Test
    void leavesNothingWhenTheMonitorCannotBeChargedToItsGroup() throws IOException {
        host.createAndDelete();
        for (Path monitors : host.host.cgroups(FaultyHost.GROUP + "/monitors")) {
            if (Files.exists(monitors)) {
                failsWhileReadOnly(monitors.resolve("cgroup.procs"), host.next());
            }
        }
        host.createAndDelete();
    }

    @Test
    void leavesNothingWhenTheKernelRefusesALimit() throws Exception {
        ContainerId id = host.next();
        List<String> join = made(id).stream()
                .map(cgroup -> "echo $$ > " + cgroup + "/cgroup.procs")
                .toList();
        Process user = new ProcessBuilder("sh", "-c", String.join("; ", join) + "; exec dd if=/dev/zero bs=64M")
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        FaultyHost.soon().until(() -> host.engine().groupStats(FaultyHost.GROUP).memoryBytes() > 64 << 20);
        ResourceLimits less = new ResourceLimits(null, 8L << 20, null, null, null, null);
        assertThat(host.tryToCreate(id, host.config(id).withLimits(less)))
                .hasValueSatisfying(failed -> assertThat(failed.reason()).isEqualTo(EngineException.Reason.INVALID));
        assertThat(user.waitFor()).isEqualTo(137);
        host.createAndDelete();
    }

    @Test
    void leavesNothingWhenAnotherDeviceHasTheName() throws IOException {
        String instance = host.host.layout.instance();
        String bridge = FaultyHost.names(Path.of("/sys/class/net")).stream()
                .filter(name -> name.startsWith("b" + instance))
                .findFirst()
                .orElseThrow();
        int gateway = Integer.parseUnsignedInt(bridge.substring(7), 16);
        String first = String.format("v%s%08x", instance, gateway + 1);
        FaultyHost.run("ip", "link", "add", first, "type", "bridge");
        assertThat(host.tryToCreate(host.next())).isPresent();
        assertThat(Path.of("/sys/class/net", first)).doesNotExist();
        host.createAndDelete();
    }

    @Test
    void leavesNothingWhenTheNetworkNamespaceHasVanished() throws IOException {
        host.createAndDelete();
        Path pins = host.host.layout.networkNamespaces();
        FaultyHost.soon()
                .until(() ->
                        FaultyHost.names(pins).size() == 1 && host.devices().size() == 1);
        FaultyHost.run("umount", pins.resolve(FaultyHost.names(pins).get(0)).toString());
        assertThat(host.tryToCreate(host.next())).isPresent();
        host.createAndDelete();
    }

    private List<Path> made(ContainerId id) throws IOException {
        List<Path> made = new ArrayList<>();
        for (Path cgroup : host.host.cgroups(FaultyHost.GROUP + "/" + id)) {
            if (Files.exists(cgroup.getParent())) {
                made.add(Files.createDirectory(cgroup));
            }
        }
        return made;
    }

    /** @param place which need not be there any more afterwards: the mount on it is reached by a descriptor then */
    private void failsWhileReadOnly(Path place, ContainerId id) throws IOException {
        FaultyHost.run("mount", "--bind", place.toString(), place.toString());
        try (Fd mounted = syscalls.open(place, Flags.O_PATH, 0)) {
            try {
                FaultyHost.run("mount", "-o", "remount,bind,ro", place.toString());
                assertThat(host.tryToCreate(id)).as(place.toString()).isPresent();
            } finally {
                syscalls.umount(Path.of("/proc/self/fd/" + mounted.number()), Flags.MNT_DETACH);
            }
        }
        assertThat(MountTable.read().entries())
                .noneMatch(mount -> mount.mountPoint().equals(place));
    }
}
