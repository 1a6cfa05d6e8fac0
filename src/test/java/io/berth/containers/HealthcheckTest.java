package io.berth.containers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.berth.common.BerthException;
import io.berth.images.ImageHealthcheck;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class HealthcheckTest {

    private static final Healthcheck NOTHING_SAID = new Healthcheck(null, null, null, null, null, null);

    private static final ImageHealthcheck IMAGE = new ImageHealthcheck(
            List.of("probe"), Duration.ofMillis(7_001), Duration.ofHours(1), Duration.ofSeconds(9), 5);

    @Test
    void isTheImagesWhenNothingIsSaid() {
        Healthcheck expected = new Healthcheck(
                List.of("probe"), Duration.ofSeconds(8), Duration.ofMinutes(5), 5, Duration.ofSeconds(9), null);
        assertThat(Healthcheck.complete(null, IMAGE)).isEqualTo(expected);
        assertThat(Healthcheck.complete(NOTHING_SAID, IMAGE)).isEqualTo(expected);
        assertThat(Healthcheck.complete(null, null)).isNull();
    }

    @Test
    void takesWhatItLacksFromTheImageAndThenTheDefaults() {
        Healthcheck asked = new Healthcheck(List.of("mine"), Duration.ofSeconds(5), null, null, null, null);
        assertThat(Healthcheck.complete(asked, IMAGE))
                .isEqualTo(new Healthcheck(
                        List.of("mine"), Duration.ofSeconds(5), Duration.ofMinutes(5), 5, Duration.ofSeconds(9), null));
        assertThat(Healthcheck.complete(asked, null))
                .isEqualTo(new Healthcheck(
                        List.of("mine"), Duration.ofSeconds(5), Duration.ofSeconds(30), 3, Duration.ZERO, null));
    }

    @Test
    void turnsTheImagesOff() {
        Healthcheck off = new Healthcheck(null, null, null, null, null, true);
        assertThat(Healthcheck.complete(off, IMAGE)).isEqualTo(off);
    }

    @Test
    void needsACommandFromSomebody() {
        assertThatThrownBy(() -> Healthcheck.complete(NOTHING_SAID, null))
                .isInstanceOf(BerthException.class)
                .hasMessageContaining("/healthcheck/command");
    }

    @Test
    void movesTheImagesTimesIntoTheBounds() {
        assertThat(complete(image(Duration.ofMillis(1), Duration.ofNanos(1), Integer.MAX_VALUE)))
                .isEqualTo(new Healthcheck(
                        List.of("x"), Duration.ofSeconds(5), Duration.ofSeconds(1), 1000, Duration.ZERO, null));
        assertThat(complete(image(Duration.ofNanos(Long.MAX_VALUE), null, null)).interval())
                .isEqualTo(Duration.ofDays(1));
    }

    @Test
    void ignoresACommandOfAnImageThatCannotBeKeptOrRun() {
        for (List<String> command : List.of(
                List.of("x".repeat(17_000)),
                Collections.nCopies(257, "x"),
                List.of("€".repeat(6_000)),
                List.of("a\0b"),
                List.of("\ud800"),
                List.of("", "x"))) {
            assertThat(Healthcheck.complete(null, new ImageHealthcheck(command, null, null, null, null)))
                    .isNull();
        }
    }

    private static ImageHealthcheck image(Duration interval, @Nullable Duration timeout, @Nullable Integer retries) {
        return new ImageHealthcheck(List.of("x"), interval, timeout, null, retries);
    }

    private static Healthcheck complete(ImageHealthcheck image) {
        return Objects.requireNonNull(Healthcheck.complete(null, image));
    }
}
