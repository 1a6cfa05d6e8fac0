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
    void needsTheNamespace() {
        assumeTrue(Files.exists(pin()), "only crun has a mount namespace of its own");
    }

    @Test
    void showsNothingOfContainersThatAreThere() throws IOException {
        ContainerId container = run(group(ResourceLimits.UNLIMITED), ResourceLimits.UNLIMITED, SLEEP);

        assertThat(mounts()).doesNotContain(container.value()).doesNotContain("/unified ");
        assertThat(Files.readString(Path.of("/proc/self/mountinfo")))
                .contains("/rootfs/" + container)
                .doesNotContain("/staging/" + container);
        assertThat(host.layout.staging()).isEmptyDirectory();
    }

    @Test
    void startsTheRuntimeFromReadOnlyMountsAfterARestart() throws IOException {
        host.restart();

        assertThat(mounts().lines().filter(line -> line.contains(" " + host.layout.runDir() + "/bin/")))
                .singleElement()
                .asString()
                .contains(" ro,nosuid,nodev");
    }

    private static Path pin() {
        return host.layout.runDir().resolve("ns/runtime");
    }

    private static String mounts() throws IOException {
        return Subprocess.run(
                        Duration.ofSeconds(10), List.of("nsenter", "--mount=" + pin(), "cat", "/proc/self/mountinfo"))
                .orThrow()
                .stdout();
    }
}
