package io.berth.e2e;

import io.berth.common.Subprocess;
import io.berth.engine.HostLayout;
import io.berth.engine.cgroup.CgroupMounts;
import io.berth.engine.mount.MountTable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What the host has of one instance, as the kernel tells it; nothing that the server says is believed. */
record HostTraces(HostLayout layout) {

    private static final Pattern CONTAINER = Pattern.compile("ctr_[0-9a-z]{26}");
    private static final Duration DEADLINE = Duration.ofSeconds(10);

    /** Every mount, cgroup, network device, firewall table, process and run directory, each described. */
    List<String> all() {
        List<String> traces = new ArrayList<>();
        mounts().forEach(mount -> traces.add("mount " + mount));
        cgroups().forEach(cgroup -> traces.add("cgroup " + cgroup));
        devices().forEach(device -> traces.add("network device " + device));
        tables().forEach(table -> traces.add("firewall " + table));
        processes().forEach(process -> traces.add("process " + process));
        if (Files.exists(layout.runDir())) {
            traces.add("directory " + layout.runDir());
        }
        return traces;
    }

    /** The containers of which the host has anything at all. */
    Set<String> containers() {
        Set<String> ids = new TreeSet<>();
        Stream.of(
                        mounts(),
                        cgroups(),
                        processes(),
                        directories(layout.runDir(), 3),
                        directories(layout.containers(), 1))
                .flatMap(List::stream)
                .forEach(trace -> {
                    Matcher matcher = CONTAINER.matcher(trace);
                    while (matcher.find()) {
                        ids.add(matcher.group());
                    }
                });
        return ids;
    }

    /** The monitor of a container, and so its main process, is alive. */
    boolean isMonitored(String container) {
        return processes().stream().anyMatch(process -> process.contains("--cid " + container));
    }

    private List<String> mounts() {
        try {
            return MountTable.read().entries().stream()
                    .map(mount -> mount.mountPoint())
                    .filter(at -> at.startsWith(layout.runDir())
                            || at.startsWith(layout.dataDir()) && !at.equals(layout.dataDir()))
                    .map(Path::toString)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<String> cgroups() {
        List<String> found = new ArrayList<>();
        try {
            for (CgroupMounts.Hierarchy hierarchy :
                    CgroupMounts.of(MountTable.read()).hierarchies()) {
                found.addAll(directories(hierarchy.mountPoint().resolve(layout.cgroupRoot()), 4));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return found;
    }

    List<String> devices() {
        List<String> found = new ArrayList<>();
        try (DirectoryStream<Path> devices =
                Files.newDirectoryStream(Path.of("/sys/class/net"), "[bv]" + layout.instance() + "*")) {
            devices.forEach(device -> found.add(String.valueOf(device.getFileName())));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return found;
    }

    private List<String> tables() {
        try {
            return Subprocess.run(DEADLINE, List.of("nft", "list", "tables"))
                    .orThrow()
                    .stdout()
                    .lines()
                    .filter(line -> line.endsWith(" berth_" + layout.instance()))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Command lines that name one of the instance's directories: monitors, the database, the server. */
    private List<String> processes() {
        List<String> found = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path process : all) {
                String command = commandLine(process);
                if (command.contains(layout.runDir().toString())
                        || command.contains(layout.dataDir().toString())) {
                    found.add(process.getFileName() + " " + command);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return found;
    }

    private static String commandLine(Path process) {
        try {
            return Files.readString(process.resolve("cmdline")).replace('\0', ' ');
        } catch (IOException ended) {
            return "";
        }
    }

    /** The directory and those below it, without the insides of containers' root file systems. */
    private List<String> directories(Path top, int depth) {
        List<String> found = new ArrayList<>();
        if (!Files.isDirectory(top)) {
            return found;
        }
        found.add(top.toString());
        if (depth > 0 && !CONTAINER.matcher(top.getFileName().toString()).matches()) {
            try (DirectoryStream<Path> children = Files.newDirectoryStream(top)) {
                for (Path child : children) {
                    found.addAll(directories(child, depth - 1));
                }
            } catch (NoSuchFileException removed) {
                // while it was listed
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return found;
    }
}
