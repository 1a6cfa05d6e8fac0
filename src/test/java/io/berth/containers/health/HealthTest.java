package io.berth.containers.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class HealthTest {

    private static final Duration NONE = Duration.ZERO;
    private static final Duration INTERVAL = Duration.ofSeconds(30);

    private Health health = Health.STARTING;

    @Test
    void isHealthyAfterOneSuccessAndUnhealthyAfterAllRetries() {
        assertThat(check(0, 1, NONE)).isEqualTo(HealthStatus.HEALTHY);
        assertThat(check(1, 2, NONE)).isEqualTo(HealthStatus.HEALTHY);
        assertThat(check(127, 3, NONE)).isEqualTo(HealthStatus.HEALTHY);
        assertThat(health.failingStreak()).isEqualTo(2);
        assertThat(check(1, 4, NONE)).isEqualTo(HealthStatus.UNHEALTHY);
        assertThat(check(1, 5, NONE)).isEqualTo(HealthStatus.UNHEALTHY);
        assertThat(health.failingStreak()).isEqualTo(4);
        assertThat(check(0, 6, NONE)).isEqualTo(HealthStatus.HEALTHY);
        assertThat(health.failingStreak()).isZero();
    }

    @Test
    void countsNoFailureOfTheStartPeriodUntilACheckSucceeds() {
        Duration startPeriod = Duration.ofSeconds(10);
        for (int second = 1; second < 10; second++) {
            assertThat(check(1, second, startPeriod)).isEqualTo(HealthStatus.STARTING);
        }
        assertThat(health.failingStreak()).isZero();
        assertThat(health.last()).isNotNull();
        check(1, 10, startPeriod);
        assertThat(health.failingStreak()).isEqualTo(1);

        health = Health.STARTING;
        check(0, 1, startPeriod);
        check(1, 2, startPeriod);
        check(1, 3, startPeriod);
        assertThat(check(1, 4, startPeriod)).isEqualTo(HealthStatus.UNHEALTHY);
    }

    @Test
    void failsACheckThatTimedOutWhateverItsCode() {
        HealthResult late = new HealthResult(at(1), at(2), 0, true, "", false);
        assertThat(health.after(late, at(0), NONE, 1).status()).isEqualTo(HealthStatus.UNHEALTHY);
        HealthResult never = new HealthResult(at(1), at(2), null, false, "no such command", false);
        assertThat(health.after(never, at(0), NONE, 1).status()).isEqualTo(HealthStatus.UNHEALTHY);
    }

    @Test
    void looksOftenInTheStartPeriodOnly() {
        Duration startPeriod = Duration.ofSeconds(60);
        assertThat(health.pause(at(0), startPeriod, INTERVAL, at(59))).isEqualTo(Duration.ofSeconds(5));
        assertThat(health.pause(at(0), startPeriod, INTERVAL, at(60))).isEqualTo(INTERVAL);
        assertThat(health.pause(at(0), NONE, INTERVAL, at(0))).isEqualTo(INTERVAL);
        check(0, 1, startPeriod);
        assertThat(health.pause(at(0), startPeriod, INTERVAL, at(2))).isEqualTo(INTERVAL);
    }

    @Test
    void leavesTheLastResultOutOfLists() {
        check(1, 1, NONE);
        assertThat(health.summary()).isEqualTo(new Health(HealthStatus.STARTING, 1, null));
    }

    private HealthStatus check(int exitCode, int second, Duration startPeriod) {
        HealthResult result = new HealthResult(at(second), at(second), exitCode, false, "", false);
        health = health.after(result, at(0), startPeriod, 3);
        return health.status();
    }

    private static Instant at(int second) {
        return Instant.ofEpochSecond(second);
    }
}
