package io.berth.containers;

import io.berth.engine.ContainerId;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How long to wait before a container is started again: 100 ms, doubled each time up to a minute. A run of ten seconds or
 * more starts over. Thread-safe for different containers.
 */
final class RestartBackoff {

    static final Duration FIRST = Duration.ofMillis(100);
    static final Duration LONGEST = Duration.ofMinutes(1);
    static final Duration GOOD_RUN = Duration.ofSeconds(10);

    private final Map<ContainerId, Integer> failuresInARow = new ConcurrentHashMap<>();

    /** The wait after the run that has just ended, which is counted. */
    Duration next(Container stopped) {
        Instant startedAt = stopped.observed().startedAt();
        Instant finishedAt = stopped.observed().finishedAt();
        boolean goodRun = stopped.state() == ContainerState.STOPPED
                && startedAt != null
                && finishedAt != null
                && Duration.between(startedAt, finishedAt).compareTo(GOOD_RUN) >= 0;
        int failures = goodRun ? 0 : failuresInARow.getOrDefault(stopped.id(), 0);
        failuresInARow.put(stopped.id(), failures + 1);
        return delay(failures);
    }

    void forget(ContainerId id) {
        failuresInARow.remove(id);
    }

    /** @param failuresInARow ends in a row before this one, each after less than {@link #GOOD_RUN} */
    static Duration delay(int failuresInARow) {
        Duration delay = FIRST.multipliedBy(1L << Math.min(Math.max(failuresInARow, 0), 20));
        return delay.compareTo(LONGEST) > 0 ? LONGEST : delay;
    }
}
