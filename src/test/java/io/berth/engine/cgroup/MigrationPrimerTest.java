package io.berth.engine.cgroup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.berth.engine.cgroup.CgroupMounts.Hierarchy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MigrationPrimerTest {

    @TempDir
    Path root;

    @Test
    void findsItsOwnCgroupOnVersion2() throws IOException {
        Path procs = file("v2/system.slice/berth.service");
        CgroupMounts mounts =
                new CgroupMounts(List.of(new Hierarchy(root.resolve("v2"), Set.of("cpu", "memory", "pids"), true)));
        assertThat(MigrationPrimer.find(mounts, "0::/system.slice/berth.service\n"))
                .contains(procs);
    }

    @Test
    void findsItsOwnCgroupOnVersion1() throws IOException {
        Path procs = file("pids/jobs");
        CgroupMounts mounts = new CgroupMounts(List.of(
                new Hierarchy(root.resolve("cpu"), Set.of("cpu"), false),
                new Hierarchy(root.resolve("memory"), Set.of("memory"), false),
                new Hierarchy(root.resolve("pids"), Set.of("pids"), false)));
        assertThat(MigrationPrimer.find(mounts, "4:memory:/elsewhere\n3:pids:/jobs\n0::/\n"))
                .contains(procs);
    }

    @Test
    void doesNothingWhereItsCgroupCannotBeSeen() {
        CgroupMounts mounts =
                new CgroupMounts(List.of(new Hierarchy(root.resolve("v2"), Set.of("cpu", "memory", "pids"), true)));
        assertThat(MigrationPrimer.find(mounts, "0::/../../outside\n")).isEmpty();
        try (MigrationPrimer primer = new MigrationPrimer(Optional.empty())) {
            primer.prime();
        }
    }

    @Test
    void writesItsOwnPidWhenPrimed() throws IOException {
        Path procs = file("own");
        try (MigrationPrimer primer = new MigrationPrimer(Optional.of(procs))) {
            assertThat(procs).isEmptyFile();
            primer.prime();
            String pid = Long.toString(ProcessHandle.current().pid());
            await().untilAsserted(() -> assertThat(procs).hasContent(pid));
        }
    }

    private Path file(String cgroup) throws IOException {
        Path directory = Files.createDirectories(root.resolve(cgroup));
        return Files.createFile(directory.resolve("cgroup.procs"));
    }
}
