package io.berth.engine;

import io.berth.testing.RequiresRoot;
import java.nio.file.Path;
import java.util.List;

/** Files of the engine in memory are real ones of this machine, whose owners only root can change. */
@RequiresRoot
class FakeFilesTest extends ContainerFilesContract {

    private final FakeEngine engine = new FakeEngine();

    @Override
    protected ContainerEngine engine() {
        return engine;
    }

    @Override
    protected List<Path> layers() {
        return List.of();
    }

    @Override
    protected List<String> sleepForever() {
        return List.of("sleep");
    }
}
