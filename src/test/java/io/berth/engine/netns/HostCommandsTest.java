package io.berth.engine.netns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.berth.engine.EngineException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostCommandsTest {

    @Test
    void aMissingProgramIsNamedWithItsPackage() {
        assertThatThrownBy(() -> HostCommands.find("no-such-program", "its-package"))
                .isInstanceOfSatisfying(
                        EngineException.class,
                        e -> assertThat(e.reason()).isEqualTo(EngineException.Reason.HOST_INCOMPLETE))
                .hasMessageContaining("no-such-program")
                .hasMessageContaining("its-package");
    }

    @Test
    void forwardingIsTurnedOnOrTheWayOutIsNamed(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("ip_forward"), "0\n");
        HostForwarding.ensure(file);
        assertThat(file).hasContent("1");
        assertThatThrownBy(() -> HostForwarding.ensure(directory.resolve("missing")))
                .hasMessageContaining("sysctl -w net.ipv4.ip_forward=1");
    }

    @Test
    void settingsThatCannotWorkAreRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> settings("10.64.0.0/10", 21, 4, 16));
        assertThatIllegalArgumentException().isThrownBy(() -> settings("10.64.0.0/23", 22, 4, 16));
        assertThatIllegalArgumentException().isThrownBy(() -> settings("0.0.0.0/0", 22, 4, 16));
        assertThatIllegalArgumentException().isThrownBy(() -> settings("10.64.0.0/10", 22, 17, 16));
        assertThatIllegalArgumentException().isThrownBy(() -> settings("10.64.0.0/10", 22, -1, 16));
        assertThat(NetworkSettings.DEFAULT.readySlots()).isEqualTo(4);
    }

    private static NetworkSettings settings(String pool, int prefixLength, int ready, int most) {
        return new NetworkSettings(pool, prefixLength, ready, most, Duration.ofMinutes(1), false);
    }
}
