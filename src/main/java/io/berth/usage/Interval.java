package io.berth.usage;

import io.berth.engine.MeterReading;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What lies between two readings of a container, or between the start of a run and its first reading.
 *
 * @param memoryBytes held all the time
 */
record Interval(Instant from, Instant to, Counters before, Counters now, double memoryBytes) {

    /**
     * The interval that a reading closes. Counters are exact, whatever happened in between; of memory only the ends are known, so it is
     * taken to have changed evenly. When a run has ended its memory is free already: the last known level counts, and for one that was
     * never read before the most it had.
     *
     * @param last {@code null} if the container was never read
     * @return empty if it is charged already: a reading that came late
     */
    static Optional<Interval> closedBy(MeterReading reading, @Nullable LastReading last) {
        Counters now = Counters.of(reading);
        if (last == null || !last.run().equals(reading.run())) {
            Instant from = reading.startedAt().isAfter(reading.at()) ? reading.at() : reading.startedAt();
            return Optional.of(new Interval(from, reading.at(), Counters.ZERO, now, reading.memoryBytes()));
        }
        if (!reading.at().isAfter(last.at())) {
            return Optional.empty();
        }
        double memory = reading.last() ? last.memoryBytes() : (last.memoryBytes() + (double) reading.memoryBytes()) / 2;
        return Optional.of(new Interval(last.at(), reading.at(), Counters.of(last), now, memory));
    }

    double seconds() {
        return Duration.between(from, to).toNanos() / 1e9;
    }
}
