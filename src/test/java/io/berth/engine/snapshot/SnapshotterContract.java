package io.berth.engine.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import io.berth.engine.ContainerId;
import io.berth.engine.FileChange;
import io.berth.engine.GroupId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What every {@link Snapshotter} does. Subclasses bring one that adopted nothing, and a directory for layers. */
abstract class SnapshotterContract {

    static final GroupId GROUP = new GroupId("g");
    static final ContainerId CONTAINER = new ContainerId("c1");
    static final ContainerId OTHER = new ContainerId("c2");

    abstract Snapshotter snapshotter();

    /** An existing directory to make layers in. */
    abstract Path layerRoot();

    /** Mounts a container of {@link #GROUP}. */
    abstract Path prepare(ContainerId container, List<Path> layers) throws IOException;

    final Path layer(String name, String... files) throws IOException {
        Path layer = Files.createDirectories(layerRoot().resolve(name));
        for (String file : files) {
            Path path = layer.resolve(file);
            Files.createDirectories(path.getParent());
            Files.writeString(path, name);
        }
        return layer;
    }

    @Test
    void showsUpperLayersBeforeLowerOnes() throws IOException {
        Path root = prepare(CONTAINER, List.of(layer("low", "etc/a", "etc/b"), layer("high", "etc/b", "c")));

        assertThat(root.resolve("etc/a")).hasContent("low");
        assertThat(root.resolve("etc/b")).hasContent("high");
        assertThat(root.resolve("c")).hasContent("high");
    }

    @Test
    void preparesFromNoLayersAndFromOne() throws IOException {
        assertThat(prepare(CONTAINER, List.of())).isEmptyDirectory();
        assertThat(prepare(OTHER, List.of(layer("one", "a"))).resolve("a")).hasContent("one");
    }

    @Test
    void takesTheSameLayerTwice() throws IOException {
        Path same = layer("same", "a");

        assertThat(prepare(CONTAINER, List.of(same, layer("between", "a"), same))
                        .resolve("a"))
                .hasContent("same");
    }

    @Test
    void keepsWhatOneContainerWritesFromOthersAndFromTheLayers() throws IOException {
        Path layer = layer("base", "a");
        Path first = prepare(CONTAINER, List.of(layer));
        Path second = prepare(OTHER, List.of(layer));

        Files.writeString(first.resolve("a"), "mine");

        assertThat(second.resolve("a")).hasContent("base");
        assertThat(layer.resolve("a")).hasContent("base");
    }

    @Test
    void preparesAgainWhatIsPrepared() throws IOException {
        Path layer = layer("base", "a");
        Path root = prepare(CONTAINER, List.of(layer));
        Files.writeString(root.resolve("new"), "x");

        assertThat(prepare(CONTAINER, List.of(layer))).isEqualTo(root);
        assertThat(root.resolve("new")).hasContent("x");
    }

    @Test
    void keepsTheWritableLayerWhenItIsUnmounted() throws IOException {
        Path layer = layer("base", "a");
        Files.writeString(prepare(CONTAINER, List.of(layer)).resolve("new"), "x");

        snapshotter().unmount(CONTAINER);
        snapshotter().unmount(CONTAINER);

        assertThat(snapshotter().changes(CONTAINER, 10)).containsExactly(new FileChange("/new", FileChange.Kind.ADDED));
        assertThat(prepare(CONTAINER, List.of(layer)).resolve("new")).hasContent("x");
    }

    @Test
    void forgetsTheWritableLayerWhenItIsRemoved() throws IOException {
        Path layer = layer("base", "a");
        Files.writeString(prepare(CONTAINER, List.of(layer)).resolve("new"), "x");

        snapshotter().remove(CONTAINER);
        snapshotter().remove(CONTAINER);
        snapshotter().remove(new ContainerId("unknown"));

        assertThat(prepare(CONTAINER, List.of(layer)).resolve("new")).doesNotExist();
    }

    @Test
    void tellsWhatWasAddedModifiedAndDeleted() throws IOException {
        Path root = prepare(CONTAINER, List.of(layer("base", "etc/changed", "etc/gone", "etc/kept", "lib/x/y")));
        Files.writeString(root.resolve("etc/changed"), "new");
        Files.delete(root.resolve("etc/gone"));
        Files.createDirectories(root.resolve("opt/tool"));
        Files.writeString(root.resolve("opt/tool/bin"), "x");
        Files.delete(root.resolve("lib/x/y"));
        Files.delete(root.resolve("lib/x"));

        assertThat(snapshotter().changes(CONTAINER, 100))
                .containsExactly(
                        new FileChange("/etc", FileChange.Kind.MODIFIED),
                        new FileChange("/etc/changed", FileChange.Kind.MODIFIED),
                        new FileChange("/etc/gone", FileChange.Kind.DELETED),
                        new FileChange("/lib", FileChange.Kind.MODIFIED),
                        new FileChange("/lib/x", FileChange.Kind.DELETED),
                        new FileChange("/opt", FileChange.Kind.ADDED),
                        new FileChange("/opt/tool", FileChange.Kind.ADDED),
                        new FileChange("/opt/tool/bin", FileChange.Kind.ADDED));
    }

    @Test
    void boundsTheListOfChanges() throws IOException {
        Path root = prepare(CONTAINER, List.of());
        for (int i = 0; i < 5; i++) {
            Files.writeString(root.resolve("f" + i), "x");
        }

        assertThat(snapshotter().changes(CONTAINER, 3))
                .extracting(FileChange::path)
                .containsExactly("/f0", "/f1", "/f2");
    }

    @Test
    void dropsAGroupsMountsAndMakesThemAnew() throws IOException {
        Path layer = layer("base", "a");
        prepare(CONTAINER, List.of(layer));
        snapshotter().remove(CONTAINER);

        snapshotter().removeGroup(GROUP);
        snapshotter().removeGroup(GROUP);
        snapshotter().removeGroup(new GroupId("unknown"));

        assertThat(prepare(CONTAINER, List.of(layer)).resolve("a")).hasContent("base");
    }

    @Test
    void keepsAdoptedContainersAndUnmountsOthers() throws IOException {
        Path layer = layer("base", "a");
        Path kept = prepare(CONTAINER, List.of(layer));
        Path dropped = prepare(OTHER, List.of(layer));
        Files.writeString(dropped.resolve("new"), "x");

        snapshotter().adopt(Set.of(CONTAINER, new ContainerId("unknown")));

        assertThat(kept.resolve("a")).hasContent("base");
        assertThat(dropped).doesNotExist();
        assertThat(prepare(OTHER, List.of(layer)).resolve("new")).hasContent("x");
    }
}
