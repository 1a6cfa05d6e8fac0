package io.berth.engine.cgroup;

import io.berth.engine.cgroup.Cgroups.Usage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** Reads the counters of version 1 controllers. Those of controllers that are not mounted are 0. */
final class LegacyUsage {

    private final CgroupMounts mounts;
    private final String rootName;
    private final Optional<String> device;

    LegacyUsage(CgroupMounts mounts, String rootName, Optional<String> device) {
        this.mounts = mounts;
        this.rootName = rootName;
        this.device = device;
    }

    Usage read(String path) throws IOException {
        Path memory = directory("memory", path).orElseThrow();
        long charged = CgroupFiles.readLong(memory.resolve("memory.usage_in_bytes"));
        long inactive = CgroupFiles.keyed(CgroupFiles.read(memory.resolve("memory.stat")), "total_inactive_file");
        Path cpu = directory("cpu", path).orElseThrow();
        Path pids = directory("pids", path).orElseThrow();
        Optional<Path> cpuacct = directory("cpuacct", path);
        String io = ioStatistics(path);
        return new Usage(
                cpuacct.isPresent() ? CgroupFiles.readLong(cpuacct.get().resolve("cpuacct.usage")) : 0,
                CgroupFiles.keyed(CgroupFiles.read(cpu.resolve("cpu.stat")), "throttled_time"),
                charged,
                Math.max(0, charged - inactive),
                CgroupFiles.readLong(pids.resolve("pids.current")),
                ioCounter(io, "Read"),
                ioCounter(io, "Write"),
                oomKills(path));
    }

    Cgroups.Meter meter(String path) throws IOException {
        Path memory = directory("memory", path).orElseThrow();
        Optional<Path> cpuacct = directory("cpuacct", path);
        return new Cgroups.Meter(
                cpuacct.isPresent() ? CgroupFiles.readLong(cpuacct.get().resolve("cpuacct.usage")) : 0,
                CgroupFiles.readLong(memory.resolve("memory.usage_in_bytes")));
    }

    long memoryPeak(String path) throws IOException {
        return CgroupFiles.readLong(directory("memory", path).orElseThrow().resolve("memory.max_usage_in_bytes"));
    }

    private String ioStatistics(String path) throws IOException {
        Optional<Path> blkio = directory("blkio", path);
        return blkio.isPresent()
                ? CgroupFiles.find(blkio.get().resolve("blkio.throttle.io_service_bytes_recursive"))
                        .orElse("")
                : "";
    }

    /** Lines are {@code 254:0 Read 4096}, and a {@code Total 4096} at the end. */
    private long ioCounter(String statistics, String operation) {
        return statistics
                .lines()
                .map(line -> line.split(" "))
                .filter(words -> words.length == 3 && words[1].equals(operation))
                .filter(words -> device.isEmpty() || words[0].equals(device.get()))
                .mapToLong(words -> Long.parseLong(words[2]))
                .sum();
    }

    /** Version 1 counts a kill in the victim's own cgroup alone, so those below are added up. */
    long oomKills(String path) throws IOException {
        long kills = 0;
        for (Path cgroup : CgroupTree.bottomUp(directory("memory", path).orElseThrow())) {
            kills += CgroupFiles.keyed(
                    CgroupFiles.find(cgroup.resolve("memory.oom_control")).orElse(""), "oom_kill");
        }
        return kills;
    }

    private Optional<Path> directory(String controller, String path) {
        return mounts.legacyRoot(controller)
                .map(root -> root.resolve(rootName))
                .map(root -> path.isEmpty() ? root : root.resolve(path));
    }
}
