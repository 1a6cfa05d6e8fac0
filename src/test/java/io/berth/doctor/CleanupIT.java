package io.berth.doctor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.berth.engine.HostLayout;
import io.berth.engine.cgroup.CgroupMode;
import io.berth.engine.cgroup.CgroupMounts;
import io.berth.engine.mount.MountTable;
import io.berth.engine.syscall.JnrSyscalls;
import io.berth.testing.RequiresProgram;
import io.berth.testing.RequiresRoot;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@RequiresRoot
@RequiresProgram({"ip", "nft"})
class CleanupIT {

    @TempDir
    Path temporary;

    @Test
    void removesCgroupsProcessesAndMountsOfThatInstanceOnly() throws Exception {
        HostLayout mine = layout("mine");
        HostLayout other = layout("other");
        List<String> reported = new ArrayList<>();
        JnrSyscalls syscalls = new JnrSyscalls();
        Process process = new ProcessBuilder("sleep", "1000").start();
        Path group = cgroup(mine).resolve("group/container");
        Path otherGroup = cgroup(other);
        try {
            Files.createDirectories(group);
            Files.createDirectories(otherGroup);
            Files.writeString(group.resolve("cgroup.procs"), Long.toString(process.pid()));
            syscalls.mount("probe", Files.createDirectories(mine.runDir().resolve("a")), "tmpfs", 0, null);
            syscalls.mount("probe", Files.createDirectories(mine.runDir().resolve("a/b")), "tmpfs", 0, null);

            new Cleanup(mine, syscalls, reported::add).run();

            await().until(() -> !process.isAlive());
            assertThat(cgroup(mine)).doesNotExist();
            assertThat(otherGroup).exists();
            assertThat(MountTable.read().beneath(mine.runDir())).isEmpty();
            assertThat(mine.runDir()).doesNotExist();
            assertThat(other.runDir()).exists();
            assertThat(reported).anyMatch(line -> line.contains("2 file systems"));
            new Cleanup(mine, syscalls, reported::add).run();
        } finally {
            process.destroyForcibly();
            new Cleanup(mine, syscalls, reported::add).run();
            new Cleanup(other, syscalls, reported::add).run();
        }
    }

    private HostLayout layout(String name) throws Exception {
        String instance = String.format("%06x", ThreadLocalRandom.current().nextInt(1 << 24));
        Path data = Files.createDirectories(temporary.resolve(name));
        return new HostLayout(data, Files.createDirectories(data.resolve("run")), instance);
    }

    private static Path cgroup(HostLayout layout) throws Exception {
        CgroupMounts mounts = CgroupMounts.of(MountTable.read());
        Path root = mounts.mode() == CgroupMode.V2
                ? mounts.unified().orElseThrow().mountPoint()
                : mounts.legacyRoot("pids").orElseThrow();
        return root.resolve(layout.cgroupRoot());
    }
}
