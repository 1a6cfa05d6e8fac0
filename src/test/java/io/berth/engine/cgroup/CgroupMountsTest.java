package io.berth.engine.cgroup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.berth.engine.EngineException;
import io.berth.engine.mount.MountTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CgroupMountsTest {

    private static final String LEGACY = """
            32 31 0:29 / /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct
            35 31 0:32 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory
            39 31 0:36 / /sys/fs/cgroup/pids rw - cgroup cgroup rw,pids
            40 31 0:37 / /sys/fs/cgroup/systemd rw - cgroup cgroup rw,name=systemd
            """;

    @TempDir
    Path directory;

    @Test
    void recognisesVersion2() throws IOException {
        CgroupMounts mounts = mounts(unified("cpuset cpu io memory pids"));

        assertThat(mounts.mode()).isEqualTo(CgroupMode.V2);
        assertThat(mounts.unified().orElseThrow().mountPoint()).isEqualTo(directory);
    }

    @Test
    void recognisesVersion2BesideAStrayVersion1Hierarchy() throws IOException {
        assertThat(mounts(unified("cpu memory pids") + "50 1 0:50 / /mnt/net_cls rw - cgroup cgroup rw,net_cls\n")
                        .mode())
                .isEqualTo(CgroupMode.V2);
    }

    @Test
    void recognisesHybridAndVersion1() throws IOException {
        assertThat(mounts(LEGACY + unified("hugetlb")).mode()).isEqualTo(CgroupMode.HYBRID);
        CgroupMounts mounts = mounts(LEGACY);
        assertThat(mounts.mode()).isEqualTo(CgroupMode.V1);
        assertThat(mounts.legacyRoot("cpuacct")).contains(Path.of("/sys/fs/cgroup/cpu,cpuacct"));
        assertThat(mounts.legacyRoot("freezer")).isEmpty();
        assertThat(mounts.legacy()).hasSize(4);
    }

    @Test
    void takesAHierarchyOnceAndAtItsUsualPlace() throws IOException {
        CgroupMounts mounts = mounts("20 1 0:32 / /tmp/m rw - cgroup cgroup rw,memory\n" + LEGACY);

        assertThat(mounts.legacyRoot("memory")).contains(Path.of("/sys/fs/cgroup/memory"));
        assertThat(mounts.legacy()).hasSize(4);
    }

    @Test
    void namesMissingControllers() throws IOException {
        CgroupMounts mounts = mounts("39 31 0:36 / /sys/fs/cgroup/pids rw - cgroup cgroup rw,pids\n");

        assertThatThrownBy(mounts::mode).isInstanceOf(EngineException.class).hasMessageContaining("[cpu, memory]");
    }

    private String unified(String controllers) throws IOException {
        Files.writeString(directory.resolve("cgroup.controllers"), controllers + "\n");
        return "41 31 0:38 / " + directory + " rw - cgroup2 cgroup2 rw\n";
    }

    private CgroupMounts mounts(String mountinfo) throws IOException {
        return CgroupMounts.of(MountTable.read(Files.writeString(directory.resolve("mountinfo"), mountinfo)));
    }
}
