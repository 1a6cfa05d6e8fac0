package io.berth.engine.local;

import io.berth.engine.EngineException;
import io.berth.engine.EngineException.Reason;
import io.berth.engine.GroupId;
import io.berth.engine.GroupSpec;
import io.berth.engine.HostLayout;
import io.berth.engine.bundle.BundleSpec;
import io.berth.engine.cgroup.Cgroups;
import io.berth.engine.netns.LocalNetworks;
import io.berth.engine.snapshot.Snapshotter;
import io.berth.engine.snapshot.UserNamespaces;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * The groups on this host. A group's id range is chosen once and kept with it, since its containers' files carry those
 * ids. Instances begin at different places of the id space, so that two of them rarely share ids.
 */
final class Groups {

    private static final int FIRST_ID = 0x1000_0000;
    private static final int SLOTS = 16;
    private static final int GROUPS_PER_SLOT = 1792;

    private final HostLayout layout;
    private final UserNamespaces userNamespaces;
    private final Cgroups cgroups;
    private final LocalNetworks networks;
    private final Snapshotter snapshotter;
    private final Map<GroupId, Group> groups = new ConcurrentHashMap<>();

    /**
     * A group that is set up.
     *
     * @param firstId host id of its containers' id 0
     * @param userNamespace file that pins it
     */
    record Group(GroupId id, int firstId, Path userNamespace) {}

    /** What is kept of a group. */
    record Stored(int firstId) {}

    Groups(
            HostLayout layout,
            UserNamespaces userNamespaces,
            Cgroups cgroups,
            LocalNetworks networks,
            Snapshotter snapshotter) {
        this.layout = layout;
        this.userNamespaces = userNamespaces;
        this.cgroups = cgroups;
        this.networks = networks;
        this.snapshotter = snapshotter;
    }

    Group get(GroupId id) {
        Group group = groups.get(id);
        if (group == null) {
            throw new EngineException(Reason.NOT_FOUND, "no such group: " + id);
        }
        return group;
    }

    Optional<Group> find(GroupId id) {
        return Optional.ofNullable(groups.get(id));
    }

    /** After a restart: keeps what these groups have on the host and lets go of the rest. */
    void adoptAll() throws IOException {
        Set<GroupId> groupIds = Set.copyOf(known());
        try (Stream<Path> directories = Files.list(layout.groups())) {
            for (Path directory : directories.filter(Files::isDirectory).toList()) {
                removeIfEmpty(directory);
            }
        }
        networks.retainGroups(groupIds);
        userNamespaces.adopt(groupIds);
    }

    /** The groups this data directory has, set up or not. */
    List<GroupId> known() throws IOException {
        Files.createDirectories(layout.groups());
        try (Stream<Path> directories = Files.list(layout.groups())) {
            return directories
                    .filter(directory -> Files.exists(directory.resolve("group.json")))
                    .map(directory -> new GroupId(directory.getFileName().toString()))
                    .toList();
        }
    }

    synchronized void ensure(GroupSpec spec) throws IOException {
        if (groups.containsKey(spec.id())) {
            cgroups.limit(spec.id().value(), spec.limits());
            return;
        }
        cgroups.ensure(spec.id().value(), spec.limits());
        groups.put(spec.id(), setUp(spec.id()));
    }

    /** Sets a group up again that this data directory knows from before a restart. */
    synchronized Group adopt(GroupId id) throws IOException {
        Group known = groups.get(id);
        if (known != null) {
            return known;
        }
        Group group = setUp(id);
        groups.put(id, group);
        return group;
    }

    private Group setUp(GroupId id) throws IOException {
        int firstId = firstId(id);
        Path userNamespace = userNamespaces.ensure(id, firstId);
        networks.ensureGroup(id, userNamespace);
        return new Group(id, firstId, userNamespace);
    }

    synchronized void remove(GroupId id) throws IOException {
        networks.removeGroup(id);
        snapshotter.removeGroup(id);
        userNamespaces.release(id);
        cgroups.remove(id.value());
        Files.deleteIfExists(record(id));
        // also what a full disk or a crash left half-written
        Trees.remove(Objects.requireNonNull(record(id).getParent()));
        groups.remove(id);
    }

    private static void removeIfEmpty(Path directory) throws IOException {
        try {
            Files.deleteIfExists(directory);
        } catch (DirectoryNotEmptyException inUse) {
            // what is in it tells what it is
        }
    }

    private Path record(GroupId id) {
        return layout.groups().resolve(id.value()).resolve("group.json");
    }

    private int firstId(GroupId id) throws IOException {
        Optional<Stored> stored = JsonFiles.readWhole(record(id), Stored.class);
        if (stored.isPresent()) {
            return stored.get().firstId();
        }
        int base = FIRST_ID + slot() * GROUPS_PER_SLOT * BundleSpec.ID_RANGE;
        BitSet taken = new BitSet(GROUPS_PER_SLOT);
        for (GroupId other : known()) {
            // of one that cannot be read the range is not known: it must not be given to another
            JsonFiles.readWhole(record(other), Stored.class)
                    .ifPresent(range -> taken.set((range.firstId() - base) / BundleSpec.ID_RANGE));
        }
        int index = taken.nextClearBit(0);
        if (index >= GROUPS_PER_SLOT) {
            throw new EngineException(
                    Reason.EXHAUSTED, "no id range is left for group " + id + ": " + index + " are in use");
        }
        int firstId = base + index * BundleSpec.ID_RANGE;
        Files.createDirectories(record(id).getParent());
        JsonFiles.writeDurably(record(id), new Stored(firstId));
        JsonFiles.sync(layout.groups());
        return firstId;
    }

    private int slot() {
        return Integer.parseInt(layout.instance(), 16) % SLOTS;
    }
}
