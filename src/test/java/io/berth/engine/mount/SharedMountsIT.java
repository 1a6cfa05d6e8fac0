package io.berth.engine.mount;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.berth.engine.syscall.Flags;
import io.berth.engine.syscall.JnrSyscalls;
import io.berth.testing.RequiresRoot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@RequiresRoot
class SharedMountsIT {

    private static final long TMPFS_MAGIC = 0x01021994;

    private final JnrSyscalls syscalls = new JnrSyscalls();

    @TempDir
    Path temporary;

    private Path directory;

    @BeforeEach
    void makeDirectory() throws IOException {
        directory = Files.createDirectory(temporary.toRealPath().resolve("run"));
    }

    @AfterEach
    void unmount() throws IOException {
        for (MountEntry entry : MountTable.read().beneath(temporary.toRealPath())) {
            syscalls.umount(entry.mountPoint(), Flags.MNT_DETACH);
        }
        SharedMounts.release(temporary, syscalls);
    }

    @Test
    void putsAnEmptyDirectoryIntoMemoryOnceAndReleasesIt() throws IOException {
        SharedMounts.ensureInMemory(directory, syscalls);
        SharedMounts.ensureInMemory(directory, syscalls);
        SharedMounts.ensure(directory, syscalls);

        assertThat(syscalls.filesystemType(directory)).isEqualTo(TMPFS_MAGIC);
        assertThat(mounts()).singleElement().matches(MountEntry::shared);

        SharedMounts.release(directory, syscalls);
        assertThat(mounts()).isEmpty();
    }

    @Test
    void leavesADirectoryInUseWhereItIs() throws IOException {
        syscalls.mount("disk", directory, "ramfs", 0, null); // stands for a disk: anything but a tmpfs
        Files.writeString(directory.resolve("state"), "x");

        SharedMounts.ensureInMemory(directory, syscalls);

        assertThat(directory.resolve("state")).hasContent("x");
        assertThat(mounts()).hasSize(1);
    }

    @Test
    void makesADirectoryAMountPointOnce() throws IOException {
        SharedMounts.ensure(temporary, syscalls);
        SharedMounts.ensureOwn(directory, syscalls);
        SharedMounts.ensureOwn(directory, syscalls);

        assertThat(mounts()).singleElement().matches(MountEntry::shared);
    }

    @Test
    void hidesNoMounts() throws IOException {
        Path inner = Files.createDirectory(directory.resolve("inner"));
        syscalls.mount("inner", inner, "tmpfs", 0, null);

        assertThatThrownBy(() -> SharedMounts.ensureOwn(directory, syscalls))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("beneath");
    }

    private List<MountEntry> mounts() throws IOException {
        return MountTable.read().entries().stream()
                .filter(entry -> entry.mountPoint().equals(directory))
                .toList();
    }
}
