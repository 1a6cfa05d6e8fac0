package io.berth.engine.local;

import static io.berth.engine.local.Attempt.get;

import io.berth.engine.ContainerId;
import io.berth.engine.ContainerStats;
import io.berth.engine.DiskReading;
import io.berth.engine.DiskSize;
import io.berth.engine.GroupId;
import io.berth.engine.MeterReading;
import io.berth.engine.ProcessInfo;
import io.berth.engine.WalkPace;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** What containers use, as the kernel counts it, and what runs in them. */
record Readings(LocalParts parts, Containers containers) {

    ContainerStats stats(LocalContainer container) {
        container.requireRun();
        return get("read the usage of " + container.id(), () -> parts.usage().of(container));
    }

    ContainerStats groupStats(GroupId group) {
        parts.groups().get(group);
        List<LocalContainer> members = containers.all().stream()
                .filter(container -> container.config.group().equals(group))
                .toList();
        return get("read the usage of group " + group, () -> parts.usage().ofGroup(group, members));
    }

    List<MeterReading> meters() {
        List<MeterReading> readings = new ArrayList<>();
        for (LocalContainer container : containers.all()) {
            Run run = container.run;
            if (run != null) {
                get("meter " + container.id(), () -> parts.meters().read(container.config, run))
                        .ifPresent(readings::add);
            }
        }
        return readings;
    }

    DiskReading disk(ContainerId id, int entries, WalkPace pace) {
        containers.get(id);
        DiskSize size =
                get("measure the disk of " + id, () -> parts.snapshotter().size(id, entries, pace));
        // asked again: it may have been deleted under the walk
        return new DiskReading(id, containers.get(id).config.group(), Instant.now(), size);
    }

    List<ProcessInfo> processes(LocalContainer container) {
        container.requireRun();
        int firstId = parts.groups().get(container.config.group()).firstId();
        return get(
                "list the processes of " + container.id(),
                () -> parts.processTable()
                        .describe(parts.cgroups().processes(Launcher.cgroup(container.config)), firstId));
    }
}
