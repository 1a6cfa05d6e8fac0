package io.berth.engine.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.berth.common.Subprocess;
import io.berth.engine.ContainerId;
import io.berth.engine.ResourceLimits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RuntimeNamespaceIT extends HostedContainers {

    @BeforeEach
    void needsNamespaces() {
        assumeTrue(Files.exists(pin("mnt")), "only crun on a host with both cgroup versions needs namespaces");
    }

    @Test
    void showsContainersToWhatCreatesThemAndNotToExecs() throws IOException {
        ContainerId container = run(group(ResourceLimits.UNLIMITED), ResourceLimits.UNLIMITED, SLEEP);

        assertThat(mountsIn("mnt")).contains(container.value()).doesNotContain("/unified ");
        assertThat(mountsIn("exec")).doesNotContain(container.value()).doesNotContain("/unified ");
    }

    @Test
    void startsTheRuntimeFromReadOnlyMountsAfterARestart() throws IOException {
        host.restart();

        assertThat(List.of(mountsIn("mnt"), mountsIn("exec")))
                .allSatisfy(mounts -> assertThat(
                                mounts.lines().filter(line -> line.contains(" " + host.layout.runDir() + "/bin/")))
                        .singleElement()
                        .asString()
                        .contains(" ro,nosuid,nodev"));
    }

    private static Path pin(String name) {
        return host.layout.runDir().resolve("ns").resolve(name);
    }

    private static String mountsIn(String namespace) throws IOException {
        return Subprocess.run(
                        Duration.ofSeconds(10),
                        List.of("nsenter", "--mount=" + pin(namespace), "cat", "/proc/self/mountinfo"))
                .orThrow()
                .stdout();
    }
}
