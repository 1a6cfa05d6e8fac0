package io.berth.containers;

import static org.assertj.core.api.Assertions.assertThat;

import io.berth.containers.RestartPolicy.Kind;
import io.berth.engine.Exit;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.IntStream;
import java.util.stream.Stream;
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
    void startsOverAfterAGoodRunOnly() {
        RestartBackoff backoff = new RestartBackoff();
        Duration good = RestartBackoff.GOOD_RUN;
        Duration poor = good.minusMillis(1);
        assertThat(Stream.of(poor, poor, poor, good, poor, good.plusDays(1), poor)
                        .map(length -> backoff.next(endedAfter(length)).toMillis()))
                .containsExactly(100L, 200L, 400L, 100L, 200L, 100L, 200L);
    }

    @Test
    void countsAFailedStartWhateverTheRunBeforeIt() {
        RestartBackoff backoff = new RestartBackoff();
        Container ended = endedAfter(RestartBackoff.GOOD_RUN);
        Container failed = ended.observing(ended.observed().failed("no such image"));
        assertThat(Stream.of(ended, failed, failed)
                        .map(container -> backoff.next(container).toMillis()))
                .containsExactly(100L, 200L, 400L);
    }

    @Test
    void forgetsWhatWasCounted() {
        RestartBackoff backoff = new RestartBackoff();
        Container ended = endedAfter(Duration.ZERO);
        backoff.next(ended);
        backoff.forget(ended.id());
        assertThat(backoff.next(ended)).isEqualTo(RestartBackoff.FIRST);
    }

    private static Container endedAfter(Duration length) {
        return RunningContainer.of("{\"image\":\"busybox\"}").exited(new Exit(1, false, Instant.EPOCH.plus(length)));
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
