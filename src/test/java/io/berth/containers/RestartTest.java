package io.berth.containers;

import static org.assertj.core.api.Assertions.assertThat;

import io.berth.containers.RestartPolicy.Kind;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RestartTest {

    @Test
    void waitsTwiceAsLongEachTimeUpToAMinute() {
        assertThat(IntStream.of(0, 1, 2, 9, 10, 1000).mapToObj(RestartBackoff::delay))
                .containsExactly(
                        Duration.ofMillis(100),
                        Duration.ofMillis(200),
                        Duration.ofMillis(400),
                        Duration.ofMillis(51_200),
                        Duration.ofMinutes(1),
                        Duration.ofMinutes(1));
    }

    @Test
    void neverRestartsWithoutAPolicy() {
        assertThat(RestartPolicy.NO.restarts(1, 0)).isFalse();
    }

    @Test
    void restartsFailuresUntilTheRetriesAreSpent() {
        RestartPolicy policy = new RestartPolicy(Kind.ON_FAILURE, 2);
        assertThat(policy.restarts(0, 0)).isFalse();
        assertThat(policy.restarts(137, 1)).isTrue();
        assertThat(policy.restarts(137, 2)).isFalse();
    }

    @Test
    void alwaysRestartsWhateverTheCode() {
        assertThat(new RestartPolicy(Kind.ALWAYS, null).restarts(0, 1_000)).isTrue();
        assertThat(new RestartPolicy(Kind.UNLESS_STOPPED, null).restarts(0, 1_000))
                .isTrue();
    }
}
