package io.berth.containers.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.berth.containers.Container;
import io.berth.containers.Healthcheck;
import io.berth.containers.RunningContainer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WatchedTest {

    private static final HealthResult GOOD = new HealthResult(Instant.EPOCH, Instant.EPOCH, 0, false, "", false);

    private final Container container = RunningContainer.of("{\"name\":\"box\",\"image\":\"busybox\"}");
    private final Healthcheck check =
            new Healthcheck(List.of("true"), Duration.ofSeconds(30), Duration.ofSeconds(30), 3, Duration.ZERO, null);
    private final Watched watched = new Watched(container, check, Instant.EPOCH);

    @BeforeEach
    void resume() {
        assertThat(watched.resume()).isTrue();
    }

    @Test
    void tellsWhetherAResultChangedTheHealth() {
        assertThat(watched.record(GOOD, watched.epoch())).contains(watched.health());
        assertThat(watched.health().status()).isEqualTo(HealthStatus.HEALTHY);
        assertThat(watched.record(GOOD, watched.epoch())).isEmpty();
    }

    @Test
    void doesNotCountWhatBeganBeforeAPause() {
        long before = watched.epoch();
        watched.pause();
        assertThat(watched.resume()).isTrue();
        assertThat(watched.record(GOOD, before)).isEmpty();
        assertThat(watched.health().status()).isEqualTo(HealthStatus.STARTING);
    }

    /** It took so long to begin that the container was paused meanwhile. */
    @Test
    void doesNotCountWhatBeganInAPause() {
        watched.pause();
        assertThat(watched.record(GOOD, watched.epoch())).isEmpty();
        assertThat(watched.health().status()).isEqualTo(HealthStatus.STARTING);
    }
}
