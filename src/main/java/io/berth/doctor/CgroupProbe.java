package io.berth.doctor;

import io.berth.engine.EngineException;
import io.berth.engine.cgroup.CgroupMode;
import io.berth.engine.cgroup.CgroupMounts;
import io.berth.engine.mount.MountTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** How control groups are mounted, which controllers there are, and whether a group can be made and limited. */
record CgroupProbe() implements Probe {

    private static final Set<String> WANTED = Set.of("cpu", "memory", "pids", "io", "blkio", "cpuset");
    private static final List<String> REQUIRED = List.of("cpu", "memory", "pids");
    private static final String SUBTREE = "cgroup.subtree_control";

    @Override
    public List<Finding> run() throws IOException {
        CgroupMounts mounts = CgroupMounts.of(MountTable.read());
        CgroupMode mode;
        try {
            mode = mounts.mode();
        } catch (EngineException e) {
            return List.of(Finding.missing(
                    "cgroups", String.valueOf(e.getMessage()), "boot with systemd.unified_cgroup_hierarchy=1"));
        }
        List<Finding> findings = new ArrayList<>();
        findings.add(
                mode == CgroupMode.V2
                        ? Finding.ok("cgroups", "version 2")
                        : Finding.warn(
                                "cgroups",
                                mode + ": works, but version 2 accounts for memory and I/O better",
                                "boot with systemd.unified_cgroup_hierarchy=1"));
        findings.add(controllers(mounts, mode));
        findings.add(making(mounts, mode));
        return findings;
    }

    private static Finding controllers(CgroupMounts mounts, CgroupMode mode) {
        Set<String> found = new TreeSet<>();
        mounts.hierarchies().stream()
                .filter(hierarchy -> hierarchy.unified() == (mode == CgroupMode.V2))
                .forEach(hierarchy -> found.addAll(hierarchy.controllers()));
        boolean io = found.contains("io") || found.contains("blkio");
        found.retainAll(WANTED);
        String detail = String.join(", ", found);
        return io
                ? Finding.ok("controllers", detail)
                : Finding.warn("controllers", detail, "without io, limits of disk speed have no effect");
    }

    private static Finding making(CgroupMounts mounts, CgroupMode mode) throws IOException {
        Path root = mode == CgroupMode.V2
                ? mounts.unified().orElseThrow().mountPoint()
                : mounts.legacyRoot("pids").orElseThrow();
        Path probe = root.resolve("berth-doctor-" + ProcessHandle.current().pid());
        try {
            Files.createDirectory(probe);
        } catch (IOException e) {
            return Finding.missing(
                    "cgroup tree", "cannot make a group in " + root + ": " + e, "run as root, outside of a container");
        }
        try {
            if (mode != CgroupMode.V2) {
                return Finding.ok("cgroup tree", "writable");
            }
            String refusal = handDown(root, probe);
            if (refusal != null) {
                return Finding.missing(
                        "cgroup tree",
                        refusal,
                        "start Berth where cpu, memory and pids are delegated (systemd: Delegate=yes), in a group without processes");
            }
            return Files.exists(probe.resolve("cgroup.kill"))
                    ? Finding.ok("cgroup tree", "writable, with cgroup.kill")
                    : Finding.warn(
                            "cgroup tree", "writable, without cgroup.kill", "a kernel of 5.14 or newer kills faster");
        } finally {
            Files.delete(probe);
        }
    }

    /**
     * Hands the controllers down as the engine does: to the group, and by it. Those of the root are taken back.
     *
     * @return why it cannot be; {@code null} if it can
     */
    static @Nullable String handDown(Path root, Path group) throws IOException {
        Set<String> lacking = new TreeSet<>(REQUIRED);
        lacking.removeAll(words(root.resolve("cgroup.controllers")));
        if (!lacking.isEmpty()) {
            return root + " does not offer the controllers " + lacking;
        }
        Set<String> added = new TreeSet<>(REQUIRED);
        added.removeAll(words(root.resolve(SUBTREE)));
        try {
            write(root, "+", added);
            try {
                write(group, "+", REQUIRED);
                write(group, "-", REQUIRED);
            } finally {
                write(root, "-", added);
            }
            return null;
        } catch (IOException e) {
            return "cannot hand controllers down: " + e.getMessage();
        }
    }

    private static void write(Path group, String sign, Collection<String> controllers) throws IOException {
        if (!controllers.isEmpty()) {
            Files.writeString(
                    group.resolve(SUBTREE),
                    controllers.stream().map(name -> sign + name).collect(Collectors.joining(" ")));
        }
    }

    private static Set<String> words(Path file) throws IOException {
        return Set.copyOf(Arrays.asList(Files.readString(file).strip().split("\\s+")));
    }
}
