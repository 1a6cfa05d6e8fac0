package io.berth.engine.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.berth.engine.ContainerId;
import io.berth.engine.syscall.Flags;
import io.berth.engine.syscall.JnrSyscalls;
import io.berth.engine.syscall.RecordingSyscalls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StagingIT {

    private static final ContainerId CONTAINER = new ContainerId("ctr_staged");
    private static final Path NETWORK = Path.of("/proc/self/ns/net");

    private final RecordingSyscalls syscalls = RecordingSyscalls.of(new JnrSyscalls());

    @TempDir
    Path directory;

    private Path rootfs;
    private Staging staging;

    @BeforeEach
    void mountRootfs() throws IOException {
        rootfs = Files.createDirectory(directory.resolve("rootfs"));
        syscalls.syscalls().mount("tmpfs", rootfs, "tmpfs", 0, "size=64k");
        Files.writeString(rootfs.resolve("file"), "of the container");
        staging = new Staging(syscalls.syscalls(), directory.resolve("staging"), true);
        staging.clear();
    }

    @AfterEach
    void unmountRootfs() throws IOException {
        staging.clear();
        syscalls.syscalls().umount(rootfs, Flags.MNT_DETACH);
    }

    @Test
    void showsBothUntilItIsClosed() throws IOException {
        try (Staging.Stage stage = staging.show(CONTAINER, rootfs, NETWORK)) {
            assertThat(stage.rootfs().resolve("file")).hasContent("of the container");
            assertThat(Files.getAttribute(stage.network(), "unix:ino"))
                    .isEqualTo(Files.getAttribute(NETWORK, "unix:ino"));
        }
        nothingIsLeft();
    }

    @Test
    void showsTheFirstPlacesToARuntimeThatLooksThereLater() throws IOException {
        Staging none = new Staging(syscalls.syscalls(), directory.resolve("staging"), false);
        try (Staging.Stage stage = none.show(CONTAINER, rootfs, NETWORK)) {
            assertThat(stage.rootfs()).isEqualTo(rootfs);
            assertThat(stage.network()).isEqualTo(NETWORK);
        }
        nothingIsLeft();
    }

    @Test
    void takesAwayWhatACrashLeft() throws IOException {
        var unused = staging.show(CONTAINER, rootfs, NETWORK);
        staging.clear();
        nothingIsLeft();
    }

    @Test
    void leavesNothingWhenItFailsHalfWay() throws IOException {
        syscalls.fail("mount", syscalls.calls("mount").size() + 2, "ENOMEM");
        assertThatThrownBy(() -> staging.show(CONTAINER, rootfs, NETWORK)).hasMessageContaining("ENOMEM");
        nothingIsLeft();
    }

    @Test
    void removesNoFileOfAContainerThatCannotBeUnmounted() throws IOException {
        Staging.Stage stage = staging.show(CONTAINER, rootfs, NETWORK);
        syscalls.fail("umount", syscalls.calls("umount").size() + 1, "EPERM");
        stage.close();
        assertThat(rootfs.resolve("file")).hasContent("of the container");
        staging.clear();
        nothingIsLeft();
    }

    private void nothingIsLeft() throws IOException {
        assertThat(directory.resolve("staging")).isEmptyDirectory();
        assertThat(Files.readString(Path.of("/proc/self/mounts")))
                .doesNotContain(directory.resolve("staging/").toString());
        assertThat(rootfs.resolve("file")).hasContent("of the container");
    }
}
