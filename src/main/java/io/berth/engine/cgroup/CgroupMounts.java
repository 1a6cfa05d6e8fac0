package io.berth.engine.cgroup;

import io.berth.engine.EngineException;
import io.berth.engine.mount.MountEntry;
import io.berth.engine.mount.MountTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The cgroup hierarchies of the host. See cgroups(7).
 *
 * @param hierarchies each once, even if it is mounted in several places
 */
public record CgroupMounts(List<Hierarchy> hierarchies) {

    /** Without these Berth cannot hold anybody to a limit. */
    static final Set<String> REQUIRED = Set.of("cpu", "memory", "pids");

    private static final Path USUAL_PLACE = Path.of("/sys/fs/cgroup");
    private static final Set<String> V1_CONTROLLERS = Set.of(
            "cpu",
            "cpuacct",
            "cpuset",
            "memory",
            "pids",
            "blkio",
            "freezer",
            "devices",
            "net_cls",
            "net_prio",
            "perf_event",
            "hugetlb",
            "rdma",
            "misc");

    /**
     * A hierarchy.
     *
     * @param mountPoint its root, as far as this process sees it
     * @param controllers that hang on it; none for a named one such as {@code name=systemd}
     * @param unified whether it is of version 2
     */
    public record Hierarchy(Path mountPoint, Set<String> controllers, boolean unified) {

        public Hierarchy {
            controllers = Set.copyOf(controllers);
        }
    }

    public CgroupMounts {
        hierarchies = List.copyOf(hierarchies);
    }

    /** Finds the hierarchies in a mount table; those of version 2 are asked for their controllers. */
    public static CgroupMounts of(MountTable mounts) throws IOException {
        Map<String, Hierarchy> byDevice = new LinkedHashMap<>();
        for (MountEntry mount : mounts.entries()) {
            boolean unified = mount.type().equals("cgroup2");
            if (!unified && !mount.type().equals("cgroup")) {
                continue;
            }
            Hierarchy known = byDevice.get(mount.device());
            if (known == null || (!isUsual(known.mountPoint()) && isUsual(mount.mountPoint()))) {
                byDevice.put(
                        mount.device(),
                        new Hierarchy(
                                mount.mountPoint(),
                                unified ? unifiedControllers(mount.mountPoint()) : controllers(mount.superOptions()),
                                unified));
            }
        }
        return new CgroupMounts(List.copyOf(byDevice.values()));
    }

    private static boolean isUsual(Path mountPoint) {
        return mountPoint.startsWith(USUAL_PLACE);
    }

    private static Set<String> unifiedControllers(Path mountPoint) throws IOException {
        return Set.of(Files.readString(mountPoint.resolve("cgroup.controllers"))
                .trim()
                .split("\\s+"));
    }

    private static Set<String> controllers(Collection<String> options) {
        Set<String> controllers = new TreeSet<>(options);
        controllers.retainAll(V1_CONTROLLERS);
        return controllers;
    }

    /**
     * Which version holds the controllers that Berth needs.
     *
     * @throws EngineException {@code HOST_INCOMPLETE} if neither has all of them
     */
    public CgroupMode mode() {
        Optional<Hierarchy> unified = unified();
        if (unified.isPresent() && unified.get().controllers().containsAll(REQUIRED)) {
            return CgroupMode.V2;
        }
        Set<String> missing = new TreeSet<>(REQUIRED);
        legacy().forEach(hierarchy -> missing.removeAll(hierarchy.controllers()));
        if (missing.isEmpty()) {
            return unified.isPresent() ? CgroupMode.HYBRID : CgroupMode.V1;
        }
        throw new EngineException(
                EngineException.Reason.HOST_INCOMPLETE,
                "no mounted cgroup hierarchy has the controllers " + missing
                        + ": mount cgroup2 at /sys/fs/cgroup with cpu, memory and pids (kernel parameter"
                        + " systemd.unified_cgroup_hierarchy=1, and no cgroup_disable=)");
    }

    public Optional<Hierarchy> unified() {
        return hierarchies.stream().filter(Hierarchy::unified).findFirst();
    }

    /** The version 1 hierarchies, named ones included. */
    public List<Hierarchy> legacy() {
        List<Hierarchy> legacy = new ArrayList<>(hierarchies);
        legacy.removeIf(Hierarchy::unified);
        return legacy;
    }

    /** Root of the version 1 hierarchy with this controller. */
    public Optional<Path> legacyRoot(String controller) {
        return legacy().stream()
                .filter(hierarchy -> hierarchy.controllers().contains(controller))
                .map(Hierarchy::mountPoint)
                .findFirst();
    }
}
