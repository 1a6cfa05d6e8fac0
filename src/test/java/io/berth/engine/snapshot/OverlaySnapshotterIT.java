package io.berth.engine.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.berth.engine.ContainerId;
import io.berth.engine.EngineException;
import io.berth.engine.FileChange;
import io.berth.engine.GroupId;
import io.berth.engine.HostLayout;
import io.berth.engine.mount.MountTable;
import io.berth.engine.mount.SharedMounts;
import io.berth.engine.syscall.ErrnoException;
import io.berth.engine.syscall.Fd;
import io.berth.engine.syscall.Flags;
import io.berth.engine.syscall.JnrSyscalls;
import io.berth.engine.syscall.Syscalls;
import io.berth.engine.syscall.TreeRemover;
import io.berth.testing.RequiresProgram;
import io.berth.testing.RequiresRoot;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@RequiresRoot
@RequiresProgram({"unshare", "nsenter"})
class OverlaySnapshotterIT extends SnapshotterContract {

    private static final int FIRST_ID = 1_000_000;
    private static final Syscalls SYSCALLS = new JnrSyscalls();

    @TempDir
    Path directory;

    private Path layers;
    private HostLayout layout;
    private UserNamespaces namespaces;
    private Path namespace;
    private OverlaySnapshotter snapshotter;

    @BeforeEach
    void prepareHost() throws IOException {
        layers = Files.createDirectory(directory.resolve("layers"));
        layout = new HostLayout(
                // characters that mean something to mount(2)
                Files.createDirectory(directory.resolve("data,dir:x")),
                Files.createDirectory(directory.resolve("run")),
                "abcdef");
        SharedMounts.ensure(layout.runDir(), SYSCALLS);
        namespaces = new UserNamespaces(layout.runDir(), SYSCALLS);
        namespace = namespaces.ensure(GROUP, FIRST_ID);
        snapshotter = new OverlaySnapshotter(layout, SYSCALLS);
        snapshotter.adopt(Set.of());
    }

    @AfterEach
    void leaveNoMount() throws IOException {
        snapshotter.remove(CONTAINER);
        snapshotter.remove(OTHER);
        snapshotter.removeGroup(GROUP);
        namespaces.adopt(Set.of());
        snapshotter.close();
        assertThat(MountTable.read().beneath(layout.runDir())).isEmpty();
        assertThat(layout.containers())
                .satisfiesAnyOf(
                        path -> assertThat(path).doesNotExist(),
                        path -> assertThat(path).isEmptyDirectory());
        SYSCALLS.umount(layout.runDir(), Flags.MNT_DETACH);
        assertThat(MountTable.read().beneath(directory)).isEmpty();
    }

    @Override
    Snapshotter snapshotter() {
        return snapshotter;
    }

    @Override
    Path layerRoot() {
        return layers;
    }

    @Override
    Path prepare(ContainerId container, List<Path> lower) throws IOException {
        return snapshotter.prepare(container, GROUP, lower, namespace, FIRST_ID);
    }

    @Test
    void looksWithoutMountingWhatCouldBeWrittenTo() throws IOException {
        List<Path> lower = List.of(layer("layer", "f"));
        prepare(CONTAINER, lower);
        snapshotter.unmount(CONTAINER);
        try (Fd top = snapshotter.look(CONTAINER, GROUP, lower, namespace, FIRST_ID)) {
            assertThat(MountTable.read().beneath(layout.rootfs())).isEmpty();
            assertThat(snapshotter.rootfs(CONTAINER)).doesNotExist();
            assertThat(SYSCALLS.fstatat(top, "f").isRegularFile()).isTrue();
            assertThatThrownBy(() -> SYSCALLS.mkdirat(top, "d", 0700))
                    .isInstanceOfSatisfying(
                            ErrnoException.class, e -> assertThat(e.errno()).isEqualTo("EROFS"));
        }
        Path root = prepare(CONTAINER, lower);
        try (Fd top = snapshotter.look(CONTAINER, GROUP, lower, namespace, FIRST_ID)) {
            assertThat(SYSCALLS.fstatat(top, "f").isRegularFile()).isTrue();
        }
        assertThat(root.resolve("f")).exists();
    }

    @Test
    void stacksAHundredLayers() throws IOException {
        List<Path> many = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            many.add(layer("layer" + i, "own/" + i, "same"));
        }

        Path root = prepare(CONTAINER, many);

        assertThat(root.resolve("own")).isDirectoryContaining("glob:**/0").isDirectoryContaining("glob:**/99");
        assertThat(root.resolve("same")).hasContent("layer99");
    }

    @Test
    void refusesMoreLayersThanAMountTakesAndLeavesNothing() throws IOException {
        List<Path> tooMany = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            tooMany.add(layer("layer" + i));
        }

        assertThatThrownBy(() -> prepare(CONTAINER, tooMany))
                .isInstanceOf(EngineException.class)
                .hasMessageContaining("300 layers");

        assertThat(layout.containers().resolve(CONTAINER.value())).doesNotExist();
    }

    @Test
    void leavesNothingWhenALayerIsMissing() {
        assertThatThrownBy(() -> prepare(CONTAINER, List.of(layers.resolve("missing"))))
                .isInstanceOf(IOException.class);

        assertThat(layout.containers().resolve(CONTAINER.value())).doesNotExist();
        assertThat(layout.runDir().resolve("rootfs").resolve(CONTAINER.value())).doesNotExist();
    }

    @Test
    void shiftsIdsOfTheImageAndOfTheRoot() throws IOException {
        Path layer = layer("base", "root", "user");
        Files.setAttribute(layer.resolve("user"), "unix:uid", 1000);

        Path root = prepare(CONTAINER, List.of(layer));

        assertThat(Files.getAttribute(root, "unix:uid")).isEqualTo(FIRST_ID);
        assertThat(Files.getAttribute(root, "unix:mode")).isEqualTo(040755);
        assertThat(Files.getAttribute(root.resolve("root"), "unix:uid")).isEqualTo(FIRST_ID);
        assertThat(Files.getAttribute(root.resolve("user"), "unix:uid")).isEqualTo(FIRST_ID + 1000);
        assertThat(Files.getAttribute(layer.resolve("root"), "unix:uid")).isEqualTo(0);
    }

    @Test
    void givesEachGroupItsOwnIdsOnTheSameLayer() throws IOException {
        GroupId second = new GroupId("second");
        Path layer = layer("base", "a");
        Path other = snapshotter.prepare(
                OTHER, second, List.of(layer), namespaces.ensure(second, FIRST_ID + 65_536), FIRST_ID + 65_536);

        assertThat(Files.getAttribute(other.resolve("a"), "unix:uid")).isEqualTo(FIRST_ID + 65_536);
        assertThat(Files.getAttribute(prepare(CONTAINER, List.of(layer)).resolve("a"), "unix:uid"))
                .isEqualTo(FIRST_ID);
        snapshotter.removeGroup(second);
    }

    @Test
    void appliesWhiteoutsAndOpaqueDirectoriesOfLayers() throws IOException {
        Path low = layer("low", "gone", "kept", "opaque/hidden");
        Path high = layer("high", "opaque/seen");
        try (Fd dir = SYSCALLS.open(high, Flags.O_RDONLY | Flags.O_DIRECTORY, 0)) {
            SYSCALLS.mknodat(dir, "gone", Flags.S_IFCHR, 0, 0);
            SYSCALLS.setxattrat(dir, "opaque", "trusted.overlay.opaque", "y".getBytes(StandardCharsets.US_ASCII));
        }

        Path root = prepare(CONTAINER, List.of(low, high));

        assertThat(root.resolve("gone")).doesNotExist();
        assertThat(root.resolve("kept")).exists();
        assertThat(root.resolve("opaque/hidden")).doesNotExist();
        assertThat(root.resolve("opaque/seen")).exists();
        Files.writeString(root.resolve("gone"), "back");
        Files.writeString(root.resolve("opaque/hidden"), "back");
        assertThat(snapshotter.changes(CONTAINER, 10))
                .containsExactly(
                        new FileChange("/gone", FileChange.Kind.ADDED),
                        new FileChange("/opaque", FileChange.Kind.MODIFIED),
                        new FileChange("/opaque/hidden", FileChange.Kind.ADDED));
    }

    @Test
    void seesALayerThatWasUnpackedAnew() throws IOException {
        Path layer = layer("base", "old");
        prepare(CONTAINER, List.of(layer));
        snapshotter.remove(CONTAINER);
        new TreeRemover(new JnrSyscalls()).remove(layer);
        layer("base", "new");

        Path root = prepare(CONTAINER, List.of(layer));

        assertThat(root.resolve("new")).exists();
        assertThat(root.resolve("old")).doesNotExist();
    }

    @Test
    void reportsAReplacedDirectoryAsModifiedAndItsContentAsAdded() throws IOException {
        Path root = prepare(CONTAINER, List.of(layer("base", "dir/a", "dir/b")));
        new TreeRemover(new JnrSyscalls()).remove(root.resolve("dir"));
        Files.createDirectory(root.resolve("dir"));
        Files.writeString(root.resolve("dir/a"), "x");

        assertThat(snapshotter.changes(CONTAINER, 10))
                .containsExactly(
                        new FileChange("/dir", FileChange.Kind.MODIFIED),
                        new FileChange("/dir/a", FileChange.Kind.ADDED));
    }

    @Test
    void neverFollowsLinksOfTheContainerWhenItListsChanges() throws IOException {
        Path root = prepare(CONTAINER, List.of(layer("base", "etc/a")));
        Files.delete(root.resolve("etc/a"));
        Files.delete(root.resolve("etc"));
        Files.createSymbolicLink(root.resolve("etc"), Path.of("/etc"));
        Files.createSymbolicLink(root.resolve("up"), Path.of("../../.."));

        assertThat(snapshotter.changes(CONTAINER, 10))
                .containsExactly(
                        new FileChange("/etc", FileChange.Kind.MODIFIED), new FileChange("/up", FileChange.Kind.ADDED));
    }

    @Test
    void copesWithNamesThatAreNoText() throws IOException {
        Path root = prepare(CONTAINER, List.of());
        try (Fd dir = SYSCALLS.open(root, Flags.O_RDONLY | Flags.O_DIRECTORY, 0)) {
            SYSCALLS.mkdirat(dir, "bad\udcff", 0);
            SYSCALLS.mkdirat(dir, "line\nbreak", 0);
        }

        assertThat(snapshotter.changes(CONTAINER, 10))
                .extracting(FileChange::path)
                .containsExactlyInAnyOrder("/bad?", "/line\nbreak");
        snapshotter.remove(CONTAINER);
        assertThat(layout.containers().resolve(CONTAINER.value())).doesNotExist();
    }

    @Test
    void removesAHostileTree() throws IOException {
        Path root = prepare(CONTAINER, List.of());
        Fd level = SYSCALLS.open(root, Flags.O_RDONLY | Flags.O_DIRECTORY, 0);
        try {
            for (int i = 0; i < 10_000; i++) {
                SYSCALLS.mkdirat(level, "d", 0);
                Fd next = SYSCALLS.openat2(level, "d", Flags.O_RDONLY | Flags.O_DIRECTORY, 0, 0);
                level.close();
                level = next;
            }
        } finally {
            level.close();
        }

        assertThat(snapshotter.changes(CONTAINER, Integer.MAX_VALUE)).hasSizeBetween(1_900, 2_100);
        snapshotter.remove(CONTAINER);

        assertThat(layout.containers().resolve(CONTAINER.value())).doesNotExist();
    }

    @Test
    void keepsAMountedContainerAcrossARestart() throws IOException {
        Path layer = layer("base", "a");
        Path root = prepare(CONTAINER, List.of(layer));
        Files.writeString(root.resolve("new"), "x");
        snapshotter.close();

        snapshotter = new OverlaySnapshotter(layout, SYSCALLS);
        snapshotter.adopt(Set.of(CONTAINER));

        assertThat(prepare(CONTAINER, List.of(layer))).isEqualTo(root);
        assertThat(root.resolve("new")).hasContent("x");
        assertThat(MountTable.read().beneath(layout.runDir().resolve("rootfs"))).hasSize(1);
    }

    @Test
    void doesNotStackTheSharedMount() throws IOException {
        SharedMounts.ensure(layout.runDir(), SYSCALLS);
        SharedMounts.ensure(layout.runDir(), SYSCALLS);

        assertThat(MountTable.read().entries())
                .filteredOn(entry -> entry.mountPoint().equals(layout.runDir()))
                .hasSizeLessThanOrEqualTo(1)
                .allMatch(entry -> entry.shared());
    }

    @Test
    void pinsAUserNamespaceThatOutlivesItsProcess() throws IOException {
        assertThat(namespaces.ensure(GROUP, FIRST_ID)).isEqualTo(namespace);
        assertThatThrownBy(() -> namespaces.ensure(GROUP, 7)).isInstanceOf(EngineException.class);
        Process inside = new ProcessBuilder(
                        "nsenter", "--user=" + namespace, "cat", "/proc/self/uid_map", "/proc/self/gid_map")
                .start();
        assertThat(new String(inside.getInputStream().readAllBytes(), StandardCharsets.US_ASCII)
                        .trim()
                        .split("\\s+"))
                .containsExactly("0", "1000000", "65536", "0", "1000000", "65536");

        namespaces.release(GROUP);
        namespaces.release(GROUP);

        assertThat(namespace).doesNotExist();
    }

    @Test
    void probesIdmappedMounts() throws IOException {
        assertThat(UserNamespaces.supportsIdmap(layout.dataDir(), layout.runDir(), SYSCALLS))
                .isTrue();
        assertThat(layout.runDir()).isDirectoryNotContaining("glob:**/.idmap*");
    }
}
