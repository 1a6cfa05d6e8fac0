package io.berth.engine;

import java.time.Instant;

/**
 * The counters of one run of a container: from the moment it was set up until it was taken down. They begin at zero, only grow, and
 * go on while no server runs.
 *
 * @param run names the run; no other has or had this name
 * @param at when it was read
 * @param startedAt when the main process was started; {@code at} if it has not been
 * @param last whether nothing more will be counted: all processes have ended
 * @param memoryBytes charged now, page cache included; of a last reading the most that was ever charged
 */
public record MeterReading(
        ContainerId container,
        GroupId group,
        String run,
        Instant at,
        Instant startedAt,
        boolean last,
        long cpuNanos,
        long memoryBytes,
        long networkReceivedBytes,
        long networkSentBytes) {}
