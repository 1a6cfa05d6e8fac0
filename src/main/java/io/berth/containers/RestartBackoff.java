package io.berth.containers;

import java.time.Duration;

/**
 * How long to wait before a container is started again: 100 ms, doubled each time up to a minute. A run of ten seconds or
 * more starts over.
 */
final class RestartBackoff {

    static final Duration FIRST = Duration.ofMillis(100);
    static final Duration LONGEST = Duration.ofMinutes(1);
    static final Duration GOOD_RUN = Duration.ofSeconds(10);

    private RestartBackoff() {}

    /** @param failuresInARow ends in a row before this one, each after less than {@link #GOOD_RUN} */
    static Duration delay(int failuresInARow) {
        Duration delay = FIRST.multipliedBy(1L << Math.min(Math.max(failuresInARow, 0), 20));
        return delay.compareTo(LONGEST) > 0 ? LONGEST : delay;
    }
}
