package io.berth.doctor;

import io.berth.common.Directories;
import io.berth.common.Subprocess;
import io.berth.engine.HostLayout;
import io.berth.engine.cgroup.CgroupMounts;
import io.berth.engine.mount.MountEntry;
import io.berth.engine.mount.MountTable;
import io.berth.engine.syscall.Flags;
import io.berth.engine.syscall.Syscalls;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Removes everything of one instance from the host, in an order in which nothing comes back: monitors, processes in its
 * cgroups, the cgroups, mounts, network devices and rules, the run directory. What belongs to it is told by the
 * instance in its name, or by its directories. Repeatable.
 */
record Cleanup(HostLayout layout, Syscalls syscalls, Consumer<String> report) {

    private static final Duration DEADLINE = Duration.ofSeconds(20);
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int SIGKILL = 9;

    void run() throws IOException {
        killMonitors();
        for (CgroupMounts.Hierarchy hierarchy :
                CgroupMounts.of(MountTable.read()).hierarchies()) {
            removeCgroups(hierarchy.mountPoint().resolve(layout.cgroupRoot()));
        }
        unmountAll();
        removeDevices();
        removeRules();
        if (Files.isDirectory(layout.runDir())) {
            Directories.deleteRecursively(layout.runDir());
            report.accept("removed " + layout.runDir());
        }
    }

    private void killMonitors() throws IOException {
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path process : processes) {
                if (isMonitor(process)) {
                    int pid = Integer.parseInt(String.valueOf(process.getFileName()));
                    kill(pid);
                    report.accept("killed conmon " + pid);
                }
            }
        }
    }

    private boolean isMonitor(Path process) {
        try {
            String[] arguments = Files.readString(process.resolve("cmdline")).split("\0");
            return arguments[0].endsWith("conmon")
                    && Stream.of(arguments)
                            .anyMatch(argument -> argument.startsWith(layout.runDir() + "/")
                                    || argument.startsWith(layout.dataDir() + "/"));
        } catch (IOException ended) {
            return false;
        }
    }

    private void removeCgroups(Path root) throws IOException {
        if (!Files.isDirectory(root)) {
            return;
        }
        List<Path> groups;
        try (Stream<Path> tree = Files.walk(root)) {
            groups = tree.filter(Files::isDirectory)
                    .sorted(Comparator.reverseOrder())
                    .collect(Collectors.toList());
        }
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        for (Path group : groups) {
            thaw(group);
        }
        for (Path group : groups) {
            while (killMembers(group) && System.nanoTime() < deadline) {
                pause();
            }
            Files.deleteIfExists(group);
        }
        report.accept("removed cgroup " + root);
    }

    /** A frozen process does not take the signal that ends it, on version 1. */
    private static void thaw(Path group) throws IOException {
        Path state = group.resolve("freezer.state");
        if (Files.exists(state)) {
            Files.writeString(state, "THAWED");
        }
    }

    private boolean killMembers(Path group) throws IOException {
        List<String> members = Files.readAllLines(group.resolve("cgroup.procs"));
        for (String member : members) {
            kill(Integer.parseInt(member.strip()));
        }
        return !members.isEmpty();
    }

    private void kill(int pid) {
        try {
            syscalls.kill(pid, SIGKILL);
        } catch (IOException ended) {
            // that is what was wanted
        }
    }

    /** Last mounted first, since one may be on top of another. The run directory is a mount point itself. */
    private void unmountAll() throws IOException {
        List<MountEntry> mounts = MountTable.read().entries().stream()
                .filter(mount -> isOurs(mount.mountPoint()))
                .collect(Collectors.toCollection(ArrayList::new));
        Collections.reverse(mounts);
        for (MountEntry mount : mounts) {
            syscalls.umount(mount.mountPoint(), Flags.MNT_DETACH);
        }
        if (!mounts.isEmpty()) {
            report.accept("unmounted " + mounts.size() + " file systems");
        }
    }

    private boolean isOurs(Path mountPoint) {
        return mountPoint.startsWith(layout.runDir())
                || mountPoint.startsWith(layout.dataDir()) && !mountPoint.equals(layout.dataDir());
    }

    private void removeDevices() throws IOException {
        List<String> devices = new ArrayList<>();
        try (DirectoryStream<Path> all =
                Files.newDirectoryStream(Path.of("/sys/class/net"), "[bv]" + layout.instance() + "*")) {
            all.forEach(device -> devices.add(String.valueOf(device.getFileName())));
        }
        if (devices.isEmpty()) {
            return;
        }
        // A device may be gone with the namespace its other end was in.
        String batch =
                devices.stream().map(device -> "link delete " + device + "\n").collect(Collectors.joining());
        Subprocess.run(DEADLINE, List.of("ip", "-force", "-batch", "-"), batch);
        report.accept("removed network devices " + String.join(" ", devices));
    }

    private void removeRules() throws IOException {
        String table = "berth_" + layout.instance();
        String tables =
                Subprocess.run(DEADLINE, List.of("nft", "list", "tables")).stdout();
        List<String> ours = tables.lines()
                .filter(line -> line.endsWith(" " + table))
                .map(line -> "delete " + line)
                .toList();
        if (!ours.isEmpty()) {
            Subprocess.run(DEADLINE, List.of("nft", "-f", "-"), String.join("\n", ours) + "\n")
                    .orThrow();
            report.accept("removed firewall table " + table);
        }
    }

    private static void pause() throws IOException {
        try {
            Thread.sleep(5);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}
