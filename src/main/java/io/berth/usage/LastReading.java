package io.berth.usage;

import io.berth.engine.ContainerId;
import io.berth.engine.MeterReading;
import java.time.Instant;

/**
 * A container's reading up to which everything is charged.
 *
 * @param run the run it is of
 */
public record LastReading(
        ContainerId container,
        String run,
        Instant at,
        long cpuNanos,
        long memoryBytes,
        long networkReceived,
        long networkSent) {

    static LastReading of(MeterReading reading) {
        return new LastReading(
                reading.container(),
                reading.run(),
                reading.at(),
                reading.cpuNanos(),
                reading.memoryBytes(),
                reading.networkReceivedBytes(),
                reading.networkSentBytes());
    }
}
