package io.berth.engine.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.berth.engine.ContainerConfig;
import io.berth.engine.ContainerConfig.ProcessConfig;
import io.berth.engine.EngineException;
import io.berth.engine.EngineException.Reason;
import io.berth.engine.ResourceLimits;
import io.berth.engine.syscall.JnrSyscalls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an image may have in the place of what a container needs, and what working directories the runtime refuses. */
class RootfsCheckIT extends HostedContainers {

    @TempDir
    Path root;

    @BeforeEach
    void makeRoot() throws IOException {
        for (String directory : List.of("etc", "proc", "sys", "dev", "srv")) {
            Files.createDirectory(root.resolve(directory));
        }
    }

    @Test
    void takesWhatIsUsual() throws IOException {
        assertThatCode(this::check).doesNotThrowAnyException();
        Files.delete(root.resolve("proc"));
        Files.delete(root.resolve("etc"));
        Files.createSymbolicLink(root.resolve("etc"), Path.of("/srv"));
        Files.createSymbolicLink(root.resolve("srv/resolv.conf"), Path.of("../run/systemd/resolv.conf"));
        Files.createSymbolicLink(root.resolve("cache"), Path.of("srv"));
        assertThatCode(() -> check("/cache", "/cache/new/one", "/not/there")).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {"proc", "sys", "dev"})
    void refusesLinksAndFilesForTheKernelsDirectories(String name) throws IOException {
        Files.delete(root.resolve(name));
        Files.createSymbolicLink(root.resolve(name), Path.of("srv"));
        refused("/" + name);
        Files.delete(root.resolve(name));
        Files.createFile(root.resolve(name));
        refused("/" + name);
    }

    @Test
    void refusesAnEtcThatIsNone() throws IOException {
        Files.createDirectory(root.resolve("etc/resolv.conf"));
        refused("/etc/resolv.conf");
        Files.delete(root.resolve("etc/resolv.conf"));
        Files.delete(root.resolve("etc"));
        Files.createFile(root.resolve("etc"));
        refused("/etc");
        Files.delete(root.resolve("etc"));
        Files.createSymbolicLink(root.resolve("etc"), Path.of("/nowhere"));
        refused("/etc");
        Files.delete(root.resolve("etc"));
        Files.createSymbolicLink(root.resolve("etc"), Path.of("etc"));
        refused("/etc");
    }

    @Test
    void refusesPlacesForTmpfsThatAreNone() throws IOException {
        Files.createSymbolicLink(root.resolve("t"), Path.of("/proc"));
        Files.createSymbolicLink(root.resolve("dangling"), Path.of("/nowhere"));
        Files.createFile(root.resolve("file"));
        refused("/t", "/t");
        refused("/t/sub", "/t/sub");
        refused("/dangling", "/dangling");
        refused("/dangling/sub", "/srv", "/dangling/sub");
        refused("/file", "/file");
        refused("/file/sub", "/file/sub");
        Files.createSymbolicLink(root.resolve("srv/up"), Path.of("../dangling"));
        refused("/srv/up/sub", "/srv/up/sub");
    }

    private void refused(String named, String... tmpfs) {
        assertThatThrownBy(() -> check(tmpfs))
                .isInstanceOfSatisfying(
                        EngineException.class, e -> assertThat(e.reason()).isEqualTo(Reason.IMAGE))
                .hasMessageStartingWith(named + " ")
                .hasMessageNotContaining(root.toString());
    }

    private void check(String... tmpfs) throws IOException {
        new RootfsCheck(new JnrSyscalls()).require(root, List.of(tmpfs));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/proc/self/fd/7", "/probe/into-proc", "/etc/passwd"})
    void refusesAWorkingDirectoryThatIsNone(String workingDir) throws IOException {
        Path link = host.busybox.resolve("probe/into-proc");
        if (!Files.isSymbolicLink(link)) {
            Files.createDirectories(link.getParent());
            Files.createSymbolicLink(link, Path.of("/proc/self/fd/7"));
        }
        ContainerConfig config = config(
                group(ResourceLimits.UNLIMITED),
                ResourceLimits.UNLIMITED,
                new ProcessConfig(SLEEP, List.of("PATH=/bin"), workingDir, null, false, null),
                false,
                Map.of(),
                Set.of(),
                Set.of());
        assertThatThrownBy(() -> run(config))
                .isInstanceOfSatisfying(
                        EngineException.class, e -> assertThat(e.reason()).isEqualTo(Reason.WORKING_DIR));
    }
}
