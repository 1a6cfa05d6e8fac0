package io.berth.containers.health;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a container's health in its present run, as far as this server has seen it.
 *
 * @param failingStreak failures in a row that count
 * @param last {@code null} before the first check has ended, and where there is no room for it
 */
public record Health(
        HealthStatus status, int failingStreak, @Nullable HealthResult last) {

    private static final Duration WHILE_STARTING = Duration.ofSeconds(5);

    static final Health STARTING = new Health(HealthStatus.STARTING, 0, null);

    /** The same without what came of the last check, for lists. */
    public Health summary() {
        return new Health(status, failingStreak, null);
    }

    /**
     * As Docker does it: one success makes it healthy; failures count unless it is still starting.
     *
     * @param begun when the run began
     * @param startPeriod in which failures do not count while no check has succeeded
     */
    Health after(HealthResult result, Instant begun, Duration startPeriod, int retries) {
        if (result.succeeded()) {
            return new Health(HealthStatus.HEALTHY, 0, result);
        }
        if (isStarting(begun, startPeriod, result.startedAt())) {
            return new Health(HealthStatus.STARTING, failingStreak, result);
        }
        int streak = failingStreak == Integer.MAX_VALUE ? failingStreak : failingStreak + 1;
        return new Health(streak >= retries ? HealthStatus.UNHEALTHY : status, streak, result);
    }

    private boolean isStarting(Instant begun, Duration startPeriod, Instant at) {
        return status == HealthStatus.STARTING && at.isBefore(begun.plus(startPeriod));
    }

    /** How long to wait for the next check: not for long while all that matters is when it comes up. */
    Duration pause(Instant begun, Duration startPeriod, Duration interval, Instant now) {
        boolean soon = isStarting(begun, startPeriod, now) && interval.compareTo(WHILE_STARTING) > 0;
        return soon ? WHILE_STARTING : interval;
    }
}
