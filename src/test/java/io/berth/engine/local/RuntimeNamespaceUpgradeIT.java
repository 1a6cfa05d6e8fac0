package io.berth.engine.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.berth.common.Subprocess;
import io.berth.engine.HostLayout;
import io.berth.engine.mount.SharedMounts;
import io.berth.engine.syscall.Flags;
import io.berth.engine.syscall.JnrSyscalls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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
        List<String> first = RuntimeNamespace.prefix(SYSCALLS, layout, "v2", "crun");
        assertThat(mounts(first)).contains(rootfs.toString()).doesNotContain(layout.networkNamespaces() + " ");
        assertThat(SharedMounts.isOwn(layout.networkNamespaces())).isTrue();

        SYSCALLS.umount(rootfs, Flags.MNT_DETACH);
        List<String> second = RuntimeNamespace.prefix(SYSCALLS, layout, "v2", "crun");
        assertThat(mounts(second)).doesNotContain(layout.rootfs().toString());
        assertThat(SharedMounts.isOwn(layout.rootfs())).isTrue();
    }

    @Test
    void makesItsNamespaceAnewWithWhatIsMountedNow() throws IOException {
        var unused = RuntimeNamespace.prefix(SYSCALLS, layout, "v2", "crun");
        SYSCALLS.umount(rootfs, Flags.MNT_DETACH);
        List<String> anew = RuntimeNamespace.prefix(SYSCALLS, layout, "v2", "crun");

        assertThat(mounts(anew)).doesNotContain(layout.rootfs().toString());
        assertThat(RuntimeNamespace.prefix(SYSCALLS, layout, "v2", "runc")).isEmpty();
        assertThat(Files.readString(Path.of("/proc/self/mounts"))).doesNotContain("nsfs " + directory);
    }

    private static String mounts(List<String> prefix) throws IOException {
        List<String> command = new ArrayList<>(prefix);
        command.addAll(List.of("cat", "/proc/self/mountinfo"));
        return Subprocess.run(Duration.ofSeconds(10), command).orThrow().stdout();
    }
}
