package io.berth.engine.local;

import io.berth.engine.ContainerId;
import io.berth.engine.GroupId;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/**
 * What this instance has on the host for containers and groups that its data directory does not know: cgroups with the
 * processes in them, bundles, the runtime's state. Mounts and networks are seen to where they are made.
 */
final class Orphans {

    private static final Logger LOG = Logger.getLogger(Orphans.class);

    private final LocalParts parts;

    Orphans(LocalParts parts) {
        this.parts = parts;
    }

    /** Kills and removes. Only to be called while nothing is being made. */
    void removeAllBut(Set<ContainerId> containers) throws IOException {
        Set<String> known = containers.stream().map(ContainerId::value).collect(Collectors.toSet());
        removeCgroups(known);
        removeDirectories(parts.files().bundles(), known);
        removeDirectories(parts.files().runtimeState(), known);
    }

    private void removeCgroups(Set<String> containers) throws IOException {
        Set<String> groups = parts.groups().known().stream().map(GroupId::value).collect(Collectors.toSet());
        for (String group : parts.cgroups().children("")) {
            if (!groups.contains(group)) {
                removeCgroup(group);
                continue;
            }
            for (String container : parts.cgroups().children(group)) {
                if (!containers.contains(container)) {
                    removeCgroup(group + "/" + container);
                }
            }
        }
    }

    private void removeCgroup(String path) throws IOException {
        LOG.infof("removing cgroup %s, which belongs to no container", path);
        parts.cgroups().remove(path);
    }

    private static void removeDirectories(Path parent, Set<String> known) throws IOException {
        if (!Files.isDirectory(parent)) {
            return;
        }
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(parent)) {
            for (Path entry : entries) {
                if (!known.contains(entry.getFileName().toString())) {
                    LOG.infof("removing %s, which belongs to no container", entry);
                    Trees.remove(entry);
                }
            }
        }
    }
}
