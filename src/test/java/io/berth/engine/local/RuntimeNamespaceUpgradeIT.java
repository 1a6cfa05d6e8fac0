package io.berth.engine.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.berth.engine.HostLayout;
import io.berth.engine.mount.SharedMounts;
import io.berth.engine.syscall.Fd;
import io.berth.engine.syscall.Flags;
import io.berth.engine.syscall.JnrSyscalls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On a run directory as an earlier version of Berth left it, which had the mounts of its containers right there. */
class RuntimeNamespaceUpgradeIT {

    private static final JnrSyscalls SYSCALLS = new JnrSyscalls();

    @TempDir
    Path directory;

    private HostLayout layout;
    private Path rootfs;

    @BeforeEach
    void mountAsBefore() throws IOException {
        layout = new HostLayout(directory, Files.createDirectory(directory.resolve("run")), "0a1b2c");
        SharedMounts.ensure(layout.runDir(), SYSCALLS);
        rootfs = Files.createDirectories(layout.rootfs().resolve("ctr_old"));
        SYSCALLS.mount("tmpfs", rootfs, "tmpfs", 0, "size=64k");
    }

    @AfterEach
    void release() throws IOException {
        RuntimeNamespace.release(SYSCALLS, layout);
        SharedMounts.release(layout.runDir(), SYSCALLS);
        assertThat(Files.readString(Path.of("/proc/self/mounts"))).doesNotContain(directory.toString());
    }

    @Test
    void leavesOutWhatItCanAndTheRestWhenItIsGone() throws IOException {
        assertThat(mounts("crun")).contains(rootfs.toString()).doesNotContain(layout.networkNamespaces() + " ");
        assertThat(SharedMounts.isOwn(layout.networkNamespaces())).isTrue();

        SYSCALLS.umount(rootfs, Flags.MNT_DETACH);
        assertThat(mounts("crun")).doesNotContain(layout.rootfs().toString());
        assertThat(SharedMounts.isOwn(layout.rootfs())).isTrue();
    }

    @Test
    void makesItsNamespaceAnewWithWhatIsMountedNow() throws IOException {
        assertThat(mounts("crun")).contains(rootfs.toString());
        SYSCALLS.umount(rootfs, Flags.MNT_DETACH);

        assertThat(mounts("crun")).doesNotContain(layout.rootfs().toString());
        assertThat(mounts("runc")).contains(layout.rootfs().toString());
        assertThat(Files.readString(Path.of("/proc/self/mounts"))).doesNotContain("nsfs " + directory);
    }

    /** What is mounted where the runtime would start. */
    private String mounts(String runtime) throws IOException {
        Path seen = directory.resolve("seen");
        try (RuntimeNamespace namespace = RuntimeNamespace.open(SYSCALLS, layout, "v2", runtime);
                Fd out = SYSCALLS.open(seen, Flags.O_WRONLY | Flags.O_CREAT | Flags.O_TRUNC, 0600)) {
            int pid = namespace.spawner().spawn(List.of("cat", "/proc/self/mountinfo"), Map.of(), Map.of(1, out));
            assertThat(SYSCALLS.waitpid(pid)).isZero();
        }
        return Files.readString(seen);
    }
}
