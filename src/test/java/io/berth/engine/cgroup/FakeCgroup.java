package io.berth.engine.cgroup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** A directory with the files that the kernel puts into a cgroup. */
final class FakeCgroup {

    private FakeCgroup() {}

    static Path v2(Path directory) throws IOException {
        return with(
                directory,
                Map.ofEntries(
                        Map.entry("cgroup.controllers", "cpuset cpu io memory pids\n"),
                        Map.entry("cgroup.subtree_control", ""),
                        Map.entry("cgroup.procs", ""),
                        Map.entry("cgroup.events", "populated 0\nfrozen 0\n"),
                        Map.entry("cgroup.freeze", "0\n"),
                        Map.entry("cgroup.kill", ""),
                        Map.entry("cpu.max", "max 100000\n"),
                        Map.entry("cpu.weight", "100\n"),
                        Map.entry("cpu.stat", "usage_usec 2000\nuser_usec 1500\nthrottled_usec 7\n"),
                        Map.entry("memory.max", "max\n"),
                        Map.entry("memory.swap.max", "max\n"),
                        Map.entry("memory.oom.group", "0\n"),
                        Map.entry("memory.current", "5000\n"),
                        Map.entry("memory.stat", "anon 1000\ninactive_file 1000\nactive_file 3000\n"),
                        Map.entry("memory.events", "low 0\noom 3\noom_kill 2\noom_group_kill 0\n"),
                        Map.entry("pids.max", "max\n"),
                        Map.entry("pids.current", "4\n"),
                        Map.entry("io.max", ""),
                        Map.entry(
                                "io.stat",
                                "8:0 rbytes=1024 wbytes=2048 rios=1\n7:0 rbytes=1 wbytes=2 rios=1 wios=1\n")));
    }

    /** One directory with the files of all version 1 controllers, as if they were mounted together. */
    static Path v1(Path directory) throws IOException {
        return with(
                directory,
                Map.ofEntries(
                        Map.entry("cgroup.procs", ""),
                        Map.entry("cgroup.clone_children", "0\n"),
                        Map.entry("cpu.cfs_quota_us", "-1\n"),
                        Map.entry("cpu.cfs_period_us", "100000\n"),
                        Map.entry("cpu.shares", "1024\n"),
                        Map.entry("cpu.stat", "nr_periods 1\nnr_throttled 1\nthrottled_time 7000\n"),
                        Map.entry("cpuacct.usage", "2000000\n"),
                        Map.entry("cpuset.cpus", "\n"),
                        Map.entry("cpuset.mems", "\n"),
                        Map.entry("memory.limit_in_bytes", "9223372036854771712\n"),
                        Map.entry("memory.memsw.limit_in_bytes", "9223372036854771712\n"),
                        Map.entry("memory.swappiness", "60\n"),
                        Map.entry("memory.usage_in_bytes", "5000\n"),
                        Map.entry("memory.stat", "inactive_file 5\ntotal_inactive_file 1000\n"),
                        Map.entry("memory.oom_control", "oom_kill_disable 0\nunder_oom 0\noom_kill 2\n"),
                        Map.entry("pids.max", "max\n"),
                        Map.entry("pids.current", "4\n"),
                        Map.entry("freezer.state", "THAWED\n"),
                        Map.entry("blkio.throttle.read_bps_device", ""),
                        Map.entry("blkio.throttle.write_bps_device", ""),
                        Map.entry(
                                "blkio.throttle.io_service_bytes_recursive",
                                "8:0 Read 1024\n8:0 Write 2048\n8:0 Total 3072\n7:0 Read 1\nTotal 3073\n")));
    }

    private static Path with(Path directory, Map<String, String> files) throws IOException {
        Files.createDirectories(directory);
        for (Map.Entry<String, String> file : files.entrySet()) {
            Files.writeString(directory.resolve(file.getKey()), file.getValue());
        }
        return directory;
    }

    /** What the file holds now. */
    static String content(Path file) throws IOException {
        return Files.readString(file).strip();
    }
}
