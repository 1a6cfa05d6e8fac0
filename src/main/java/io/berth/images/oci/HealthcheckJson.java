package io.berth.images.oci;

import com.fasterxml.jackson.databind.JsonNode;
import io.berth.images.ImageHealthcheck;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the health check of an image's configuration, which is Docker's and in no specification of OCI. One that cannot be made out
 * is none: it must not keep an image from being used.
 *
 * @see <a href="https://github.com/moby/docker-image-spec/blob/main/spec.md">docker-image-spec</a>
 */
final class HealthcheckJson {

    private static final List<String> SHELL = List.of("/bin/sh", "-c");

    private HealthcheckJson() {}

    /**
     * @param check such as {@code {"Test": ["CMD-SHELL", "wget -q localhost"], "Interval": 5000000000}}, times in nanoseconds
     * @param shell what runs the text of a {@code CMD-SHELL}
     */
    static @Nullable ImageHealthcheck read(@Nullable JsonNode check, @Nullable JsonNode shell) {
        if (check == null) {
            return null;
        }
        List<String> test = texts(check.path("Test"));
        if (test.size() < 2) {
            return null;
        }
        List<String> command = new ArrayList<>();
        switch (test.get(0)) {
            case "CMD" -> command.addAll(test.subList(1, test.size()));
            case "CMD-SHELL" -> {
                List<String> stated = shell == null ? List.of() : texts(shell);
                command.addAll(stated.isEmpty() ? SHELL : stated);
                command.add(test.get(1));
            }
            default -> {
                return null;
            }
        }
        return new ImageHealthcheck(
                command,
                time(check.path("Interval")),
                time(check.path("Timeout")),
                time(check.path("StartPeriod")),
                check.path("Retries").isInt() && check.path("Retries").intValue() > 0
                        ? (Integer) check.path("Retries").intValue()
                        : null);
    }

    /** Empty if it is anything but a list of texts. */
    private static List<String> texts(JsonNode list) {
        List<String> texts = new ArrayList<>();
        for (JsonNode each : list) {
            if (!list.isArray() || !each.isTextual()) {
                return List.of();
            }
            texts.add(each.textValue());
        }
        return texts;
    }

    /** 0 is what is not said. */
    private static @Nullable Duration time(JsonNode nanos) {
        return nanos.isIntegralNumber() && nanos.canConvertToLong() && nanos.longValue() > 0
                ? Duration.ofNanos(nanos.longValue())
                : null;
    }
}
