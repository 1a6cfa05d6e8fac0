package io.berth.engine;

import java.nio.file.Path;
import java.util.List;

class FakeEngineTest extends ContainerEngineContract {

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

    @Override
    protected List<String> exitWith(int code) {
        return List.of("exit", Integer.toString(code));
    }

    @Override
    protected List<String> echo(String text) {
        return List.of("echo", text);
    }

    @Override
    protected List<String> echoToStderr(String text) {
        return List.of("err", text);
    }

    @Override
    protected List<String> cat() {
        return List.of("cat");
    }

    @Override
    protected List<String> flood(long bytes) {
        return List.of("flood", Long.toString(bytes));
    }

    @Override
    protected List<String> reportSize() {
        return List.of("size");
    }

    @Override
    protected List<String> exitOnSignal(int signal, int code) {
        return List.of("trap", Integer.toString(signal), Integer.toString(code));
    }

    @Override
    protected List<String> touch(String path) {
        return List.of("touch", path);
    }
}
