package io.berth.engine.cgroup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.berth.engine.mount.MountTable;
import io.berth.engine.syscall.JnrSyscalls;
import io.berth.testing.RequiresRoot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What version 2 does without any controller, on the real kernel: also a hybrid host's empty version 2 hierarchy will do.
 * Limits on version 2 are tried by {@link CgroupsIT} where the host has it alone.
 */
@RequiresRoot
class UnifiedCgroupsIT {

    private final List<Process> processes = new ArrayList<>();
    private Path root;
    private Cgroups cgroups;

    @BeforeEach
    void makeCgroups() throws IOException {
        byte[] instance = new byte[3];
        ThreadLocalRandom.current().nextBytes(instance);
        String name = "berth-" + HexFormat.of().formatHex(instance);
        Path mountPoint =
                CgroupMounts.of(MountTable.read()).unified().orElseThrow().mountPoint();
        root = mountPoint.resolve(name);
        cgroups = new UnifiedCgroups(mountPoint, name, Optional.empty(), new JnrSyscalls());
        Files.createDirectories(root.resolve("g/c"));
        Files.createDirectories(root.resolve("g/d"));
    }

    @AfterEach
    void leaveNoCgroup() throws Exception {
        cgroups.remove("");
        for (Process process : processes) {
            process.destroyForcibly().waitFor();
        }
        assertThat(root).doesNotExist();
    }

    @Test
    void freezesAndThaws() throws IOException {
        start("g/c", "sleep 60");

        cgroups.freeze("g/c", true);
        assertThat(cgroups.isFrozen("g/c")).isTrue();
        assertThat(cgroups.isFrozen("g/d")).isFalse();

        cgroups.freeze("g/c", false);
        assertThat(cgroups.isFrozen("g/c")).isFalse();
    }

    @Test
    void killsWhatForksAndWhatIsFrozen() throws Exception {
        Process forking = start("g/c", "while :; do sleep 0.01 & done");
        await().until(() -> cgroups.processes("g/c").size() > 3);
        Process frozen = start("g/d", "sleep 60");
        cgroups.freeze("g/d", true);

        cgroups.kill("g");
        cgroups.kill("g");

        assertThat(cgroups.processes("g")).isEmpty();
        assertThat(forking.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(frozen.waitFor(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void removesWithProcessesAndCgroupsInside() throws Exception {
        // exec: a shell that forks its last command would be a second process, sooner or later.
        Process sleeper = start("g/c", "exec sleep 60");
        assertThat(cgroups.children("g")).containsExactly("c", "d");
        assertThat(cgroups.processes("g")).containsExactly((int) sleeper.pid());

        cgroups.remove("g");
        cgroups.remove("g");

        assertThat(cgroups.children("")).isEmpty();
        assertThat(sleeper.waitFor(10, TimeUnit.SECONDS)).isTrue();
    }

    private Process start(String path, String script) throws IOException {
        Process process = new ProcessBuilder("sh", "-c", "read line; " + script)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        processes.add(process);
        CgroupFiles.write(root.resolve(path).resolve("cgroup.procs"), Long.toString(process.pid()));
        process.getOutputStream().write('\n');
        process.getOutputStream().close();
        return process;
    }
}
