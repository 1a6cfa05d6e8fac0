package io.berth.engine.local;

import io.berth.engine.ContainerConfig;
import io.berth.engine.ContainerStats;
import io.berth.engine.GroupId;
import io.berth.engine.ResourceLimits;
import io.berth.engine.cgroup.Cgroups;
import io.berth.engine.netns.Networks;
import java.io.IOException;
import java.time.Instant;
import java.util.List;

/** Reads what containers and groups use. */
final class Usage {

    private final Cgroups cgroups;
    private final Networks networks;

    Usage(Cgroups cgroups, Networks networks) {
        this.cgroups = cgroups;
        this.networks = networks;
    }

    ContainerStats of(LocalContainer container) throws IOException {
        ContainerConfig config = container.config;
        long[] traffic = networks.traffic(config.group(), config.id().value());
        return stats(cgroups.usage(Launcher.cgroup(config)), config.limits(), traffic);
    }

    ContainerStats ofGroup(GroupId group, List<LocalContainer> members) throws IOException {
        long[] sum = new long[2];
        for (LocalContainer member : members) {
            if (member.run != null) {
                long[] traffic = networks.traffic(group, member.id().value());
                sum[0] += traffic[0];
                sum[1] += traffic[1];
            }
        }
        return stats(cgroups.usage(group.value()), ResourceLimits.UNLIMITED, sum);
    }

    private static ContainerStats stats(Cgroups.Usage usage, ResourceLimits limits, long[] traffic) {
        return new ContainerStats(
                Instant.now(),
                usage.cpuNanos(),
                usage.cpuThrottledNanos(),
                usage.memoryBytes(),
                usage.memoryWorkingSetBytes(),
                limits.memoryBytes(),
                usage.pids(),
                limits.pids(),
                usage.ioReadBytes(),
                usage.ioWriteBytes(),
                traffic[0],
                traffic[1],
                usage.oomKills());
    }
}
