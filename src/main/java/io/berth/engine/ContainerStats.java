package io.berth.engine;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Usage of one container or one group, as its cgroup and network device count it. Counters only grow while the
 * container runs; but the network counters of a group are those of its containers that run now.
 *
 * @param memoryBytes charged now, page cache included
 * @param memoryWorkingSetBytes the same without inactive file pages
 */
public record ContainerStats(
        Instant at,
        long cpuNanos,
        long cpuThrottledNanos,
        long memoryBytes,
        long memoryWorkingSetBytes,
        @Nullable Long memoryLimitBytes,
        long pids,
        @Nullable Long pidsLimit,
        long ioReadBytes,
        long ioWriteBytes,
        long networkReceivedBytes,
        long networkSentBytes,
        long oomKills) {}
