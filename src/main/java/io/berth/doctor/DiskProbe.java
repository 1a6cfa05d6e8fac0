package io.berth.doctor;

import io.berth.engine.mount.MountEntry;
import io.berth.engine.mount.MountTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The file system under the data directory, and whether it can hold a container to a size. */
record DiskProbe(Path dataDir) implements Probe {

    private static final Set<String> PROJECT_QUOTA = Set.of("prjquota", "pquota");

    @Override
    public List<Finding> run() throws IOException {
        Path place = existing(dataDir);
        Optional<MountEntry> mount = MountTable.read().holding(place);
        String type = mount.map(MountEntry::type).orElse("unknown");
        String detail = type + " under " + dataDir;
        boolean projects =
                mount.stream().flatMap(entry -> entry.superOptions().stream()).anyMatch(PROJECT_QUOTA::contains);
        if (type.equals("btrfs") || projects) {
            String means = projects ? "project quotas" : "qgroups";
            return List.of(Finding.ok("disk limits", detail + ": could be limited by " + means + ", not used yet"));
        }
        return List.of(Finding.warn(
                "disk limits",
                detail + ": could not be limited per container, which is not used yet",
                "when it is: put the data directory on btrfs, or on xfs or ext4 mounted with prjquota"));
    }

    /** The nearest directory above that is there. */
    static Path existing(Path path) throws IOException {
        Path place = path.toAbsolutePath().normalize();
        Path parent = place.getParent();
        while (!Files.isDirectory(place) && parent != null) {
            place = parent;
            parent = place.getParent();
        }
        return place.toRealPath();
    }
}
