package io.berth.engine.netns;

import io.berth.engine.EngineException;
import io.berth.engine.GroupId;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/**
 * Which instance and group holds which subnet on this host: one file {@code <subnet>} holding {@code <instance>
 * <group>} for each, in a directory that all instances share. Changes are made under a lock on the directory.
 */
final class SubnetReservations {

    /** A file lock holds between processes only. */
    private static final ReentrantLock IN_PROCESS = new ReentrantLock();

    private final Path directory;
    private final String instance;

    SubnetReservations(Path directory, String instance) {
        this.directory = directory;
        this.instance = instance;
    }

    private record Entry(Path file, Ipv4Subnet subnet, String instance, String group) {}

    /**
     * The group's subnet: the one it holds, else the preferred one if nobody uses it, else the first free one.
     *
     * @param taken what the host uses otherwise
     * @throws EngineException {@code EXHAUSTED} if the pool has none left
     */
    Ipv4Subnet reserve(GroupId group, Optional<Ipv4Subnet> preferred, NetworkSettings settings, List<Ipv4Subnet> taken)
            throws IOException {
        return locked(() -> {
            List<Ipv4Subnet> used = new ArrayList<>(taken);
            for (Entry entry : entries()) {
                if (entry.instance.equals(instance) && entry.group.equals(group.value())) {
                    return entry.subnet;
                }
                if (isStale(entry)) {
                    Files.deleteIfExists(entry.file);
                } else {
                    used.add(entry.subnet);
                }
            }
            Ipv4Subnet chosen = preferred
                    .filter(subnet -> subnet.prefixLength() == settings.groupPrefixLength())
                    .filter(subnet -> settings.pool().overlaps(subnet) && isFree(subnet, used))
                    .or(() -> firstFree(settings, used))
                    .orElseThrow(() -> new EngineException(
                            EngineException.Reason.EXHAUSTED,
                            "no /" + settings.groupPrefixLength() + " subnet for group " + group
                                    + " is free in the address pool " + settings.addressPool()
                                    + ": other groups, instances or routes of the host use all of it;"
                                    + " configure another pool"));
            Files.writeString(
                    directory.resolve(chosen.fileName()),
                    instance + " " + group + "\n",
                    StandardOpenOption.CREATE_NEW,
                    StandardOpenOption.WRITE);
            return chosen;
        });
    }

    /** The group's subnet, if it holds one. */
    Optional<Ipv4Subnet> find(GroupId group) throws IOException {
        return Optional.ofNullable(own().get(group));
    }

    /** What this instance holds. */
    Map<GroupId, Ipv4Subnet> own() throws IOException {
        return locked(() -> {
            Map<GroupId, Ipv4Subnet> own = new TreeMap<>();
            for (Entry entry : entries()) {
                if (entry.instance.equals(instance)) {
                    own.put(new GroupId(entry.group), entry.subnet);
                }
            }
            return own;
        });
    }

    void release(GroupId group) throws IOException {
        locked(() -> {
            for (Entry entry : entries()) {
                if (entry.instance.equals(instance) && entry.group.equals(group.value())) {
                    Files.deleteIfExists(entry.file);
                }
            }
            return group;
        });
    }

    private static Optional<Ipv4Subnet> firstFree(NetworkSettings settings, List<Ipv4Subnet> used) {
        Ipv4Subnet pool = settings.pool();
        int prefixLength = settings.groupPrefixLength();
        for (int index = 0; index < pool.parts(prefixLength); index++) {
            Ipv4Subnet candidate = pool.part(index, prefixLength);
            if (isFree(candidate, used)) {
                return Optional.of(candidate);
            }
        }
        return Optional.empty();
    }

    private static boolean isFree(Ipv4Subnet candidate, List<Ipv4Subnet> used) {
        return used.stream().noneMatch(candidate::overlaps);
    }

    /** Of an instance whose run directory is gone. Should its bridges live on, their addresses count as the host's. */
    private boolean isStale(Entry entry) {
        return !entry.instance.equals(instance) && !Files.isDirectory(directory.resolveSibling(entry.instance));
    }

    private List<Entry> entries() throws IOException {
        List<Entry> entries = new ArrayList<>();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                String name = file.getFileName().toString();
                if (name.startsWith(".")) {
                    continue;
                }
                try {
                    Ipv4Subnet subnet = Ipv4Subnet.parse(name.replace('-', '/'));
                    String[] words = Files.readString(file).strip().split(" ", -1);
                    if (words.length == 2) {
                        entries.add(new Entry(file, subnet, words[0], new GroupId(words[1]).value()));
                        continue;
                    }
                } catch (IllegalArgumentException notAReservation) {
                    // below
                } catch (NoSuchFileException goneMeanwhile) {
                    continue;
                }
                Files.deleteIfExists(file); // under the lock: what is not whole was left by a crash
            }
        }
        return entries;
    }

    private interface Action<T> {
        T run() throws IOException;
    }

    private <T> T locked(Action<T> action) throws IOException {
        IN_PROCESS.lock();
        try {
            Files.createDirectories(directory);
            try (FileChannel channel = FileChannel.open(
                            directory.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    var lock = channel.lock()) {
                assert lock.isValid();
                return action.run();
            }
        } finally {
            IN_PROCESS.unlock();
        }
    }
}
