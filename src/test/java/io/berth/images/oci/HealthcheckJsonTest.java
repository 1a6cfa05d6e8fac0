package io.berth.images.oci;

import static org.assertj.core.api.Assertions.assertThat;

import io.berth.images.ImageHealthcheck;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HealthcheckJsonTest {

    @Test
    void readsWhatDockerWrites() {
        assertThat(read("""
                        "Healthcheck": {"Test": ["CMD-SHELL", "wget -q localhost || exit 1"], "Interval": 5000000000,
                        "Timeout": 3000000000, "StartPeriod": 1500000000, "Retries": 4, "StartInterval": 1}"""))
                .isEqualTo(new ImageHealthcheck(
                        List.of("/bin/sh", "-c", "wget -q localhost || exit 1"),
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(3),
                        Duration.ofMillis(1500),
                        4));
        assertThat(read("\"Healthcheck\": {\"Test\": [\"CMD\", \"probe\", \"-v\"], \"Interval\": 0}"))
                .isEqualTo(new ImageHealthcheck(List.of("probe", "-v"), null, null, null, null));
    }

    @Test
    void usesTheImagesShell() {
        ImageHealthcheck check =
                read("\"Shell\": [\"/bin/bash\", \"-ec\"], \"Healthcheck\": {\"Test\": [\"CMD-SHELL\", \"x\"]}");
        assertThat(check).isEqualTo(new ImageHealthcheck(List.of("/bin/bash", "-ec", "x"), null, null, null, null));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "5",
                "[]",
                "\"CMD\"",
                "{}",
                "{\"Test\": null}",
                "{\"Test\": []}",
                "{\"Test\": [\"NONE\"]}",
                "{\"Test\": [\"NONE\", \"x\"]}",
                "{\"Test\": [\"CMD\"]}",
                "{\"Test\": [\"cmd\", \"x\"]}",
                "{\"Test\": [\"CMD\", 5]}",
                "{\"Test\": {\"a\": \"CMD\", \"b\": \"x\"}}"
            })
    void takesWhatItCannotMakeOutForNone(String healthcheck) {
        assertThat(read("\"Healthcheck\": " + healthcheck)).isNull();
    }

    @Test
    void leavesOutTimesThatAreNone() {
        assertThat(read("\"Healthcheck\": {\"Test\": [\"CMD\", \"x\"], \"Interval\": \"5s\", \"Timeout\": -1,"
                        + " \"StartPeriod\": 99999999999999999999, \"Retries\": 1.5}, \"Shell\": 7"))
                .isEqualTo(new ImageHealthcheck(List.of("x"), null, null, null, null));
    }

    private static @Nullable ImageHealthcheck read(String members) {
        String json = "{\"config\": {" + members + "}, \"rootfs\": {\"type\": \"layers\", \"diff_ids\": []}}";
        return OciJson.read(json.getBytes(StandardCharsets.UTF_8), ImageConfigFile.class, "the configuration")
                .toConfig()
                .healthcheck();
    }
}
