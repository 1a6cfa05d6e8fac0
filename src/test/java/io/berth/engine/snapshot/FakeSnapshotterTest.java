package io.berth.engine.snapshot;

import io.berth.engine.ContainerId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

class FakeSnapshotterTest extends SnapshotterContract {

    @TempDir
    Path directory;

    private Path layers;
    private Snapshotter snapshotter;

    @BeforeEach
    void makeDirectories() throws IOException {
        layers = Files.createDirectory(directory.resolve("layers"));
        snapshotter = new FakeSnapshotter(directory);
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
        return snapshotter.prepare(container, GROUP, lower, directory.resolve("unused"), 65_536);
    }
}
