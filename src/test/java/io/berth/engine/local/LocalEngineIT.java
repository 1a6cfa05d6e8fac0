package io.berth.engine.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.berth.engine.ContainerEngine;
import io.berth.engine.ContainerEngineContract;
import io.berth.engine.ContainerId;
import io.berth.engine.DiskSize;
import io.berth.testing.KernelTest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

/** The contract, kept by real containers: crun or runc, conmon, overlayfs, cgroups, namespaces. */
@KernelTest
class LocalEngineIT extends ContainerEngineContract {

    private static EngineHost host;

    @BeforeAll
    static void open(TestInfo test) throws IOException {
        host = new EngineHost(WithRuntime.Choice.of(test));
    }

    @AfterAll
    static void close() throws IOException {
        host.close();
        assertThat(host.traces()).isEmpty();
    }

    @Override
    protected ContainerEngine engine() {
        return host.engine();
    }

    @Override
    protected List<Path> layers() {
        return List.of(host.busybox);
    }

    @Override
    protected List<String> sleepForever() {
        return List.of("sleep", "1000000");
    }

    @Override
    protected List<String> exitWith(int code) {
        return sh("exit " + code);
    }

    @Override
    protected List<String> echo(String text) {
        return List.of("echo", text);
    }

    @Override
    protected List<String> echoToStderr(String text) {
        return sh("echo '" + text + "' >&2");
    }

    @Override
    protected List<String> cat() {
        return List.of("cat");
    }

    @Override
    protected List<String> flood(long bytes) {
        return sh("head -c " + bytes + " /dev/zero");
    }

    @Override
    protected List<String> reportSize() {
        return sh("while read line; do stty size; done");
    }

    @Override
    protected List<String> exitOnSignal(int signal, int code) {
        return sh("trap 'exit " + code + "' " + signal + "; while :; do sleep 0.05; done");
    }

    @Override
    protected List<String> touch(String path) {
        return List.of("touch", path);
    }

    private static List<String> sh(String script) {
        return List.of("sh", "-c", script);
    }

    @Test
    void measuresWhatAContainerWroteAndNotItsImage() {
        ContainerId id =
                run(sh("head -c 20971520 /dev/zero >/big; ln /big /again; truncate -s 1T /sparse; rm /bin/vi"));
        awaitExit(id);
        DiskSize size = engine().disk(id, 1000, () -> {}).size();
        assertThat(size.complete()).isTrue();
        assertThat(size.bytes()).isBetween(20L << 20, 21L << 20);
        assertThat(engine().disk(id, 1, () -> {}).size().complete()).isFalse();
    }
}
