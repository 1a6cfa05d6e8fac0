package io.berth.webhooks;

import static org.assertj.core.api.Assertions.assertThat;

import io.berth.testing.TestConfigs;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RetryScheduleTest {

    private final WebhooksConfig defaults = TestConfigs.of(WebhooksConfig.class, Map.of());

    @Test
    void waitsThreeTimesAsLongEachTimeForADay() {
        RetrySchedule schedule = new RetrySchedule(defaults, () -> 0.5);
        Instant begun = Instant.EPOCH;
        List<Long> seconds = new ArrayList<>();
        Instant now = begun;
        for (int attempts = 1; ; attempts++) {
            Optional<Instant> next = schedule.next(attempts, begun, now);
            if (next.isEmpty()) {
                break;
            }
            seconds.add(Duration.between(now, next.get()).toSeconds());
            now = next.get();
        }
        assertThat(seconds.subList(0, 8)).containsExactly(5L, 15L, 45L, 135L, 405L, 1215L, 3645L, 10935L);
        assertThat(seconds.subList(8, seconds.size())).containsOnly(14400L);
        assertThat(Duration.between(begun, now)).isBetween(Duration.ofHours(20), Duration.ofHours(24));
    }

    @Test
    void variesByAFifth() {
        assertThat(new RetrySchedule(defaults, () -> 0).next(1, Instant.EPOCH, Instant.EPOCH))
                .contains(Instant.ofEpochSecond(4));
        assertThat(new RetrySchedule(defaults, () -> 1).next(1, Instant.EPOCH, Instant.EPOCH))
                .contains(Instant.ofEpochSecond(6));
    }
}
