package io.berth.engine.snapshot;

import io.berth.engine.ContainerId;
import io.berth.engine.DiskSize;
import io.berth.engine.FileChange;
import io.berth.engine.FileChange.Kind;
import io.berth.engine.GroupId;
import io.berth.engine.WalkPace;
import io.berth.engine.syscall.Fd;
import io.berth.engine.syscall.Flags;
import io.berth.engine.syscall.JnrSyscalls;
import io.berth.engine.syscall.TreeRemover;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Root file systems as copies of their layers: no mount, no root needed, owners as they are. Knows no whiteouts. */
public final class FakeSnapshotter implements Snapshotter {

    private final Path directory;
    private final Map<ContainerId, List<Path>> layers = new HashMap<>();

    public FakeSnapshotter(Path directory) {
        this.directory = directory;
    }

    @Override
    public Path rootfs(ContainerId container) {
        return directory.resolve("rootfs").resolve(container.value());
    }

    private Path unmounted(ContainerId container) {
        return directory.resolve("stopped").resolve(container.value());
    }

    @Override
    public synchronized Path prepare(
            ContainerId container, GroupId group, List<Path> lower, Path userNamespace, int firstId)
            throws IOException {
        Path target = rootfs(container);
        if (Files.exists(target)) {
            return target;
        }
        Files.createDirectories(target.getParent());
        if (Files.exists(unmounted(container))) {
            return Files.move(unmounted(container), target);
        }
        Files.createDirectories(target);
        layers.put(container, List.copyOf(lower));
        for (Path layer : lower) {
            copy(layer, target);
        }
        return target;
    }

    @Override
    public synchronized Fd look(ContainerId container, GroupId group, List<Path> lower, Path userNamespace, int firstId)
            throws IOException {
        Path stopped = unmounted(container);
        return new JnrSyscalls()
                .open(Files.exists(stopped) ? stopped : rootfs(container), Flags.O_PATH | Flags.O_DIRECTORY, 0);
    }

    private static void copy(Path from, Path to) throws IOException {
        for (Map.Entry<String, Path> entry : tree(from).entrySet()) {
            Path target = to.resolve(entry.getKey());
            if (Files.isDirectory(entry.getValue(), LinkOption.NOFOLLOW_LINKS)) {
                Files.createDirectories(target);
            } else {
                Files.copy(entry.getValue(), target, StandardCopyOption.REPLACE_EXISTING, LinkOption.NOFOLLOW_LINKS);
            }
        }
    }

    private static Map<String, Path> tree(Path root) throws IOException {
        Map<String, Path> tree = new TreeMap<>();
        try (Stream<Path> paths = Files.walk(root)) {
            paths.filter(path -> !path.equals(root))
                    .forEach(path -> tree.put(root.relativize(path).toString(), path));
        }
        return tree;
    }

    @Override
    public synchronized void unmount(ContainerId container) throws IOException {
        if (Files.exists(rootfs(container))) {
            Files.createDirectories(unmounted(container).getParent());
            Files.move(rootfs(container), unmounted(container));
        }
    }

    @Override
    public synchronized void remove(ContainerId container) throws IOException {
        new TreeRemover(new JnrSyscalls()).remove(rootfs(container));
        new TreeRemover(new JnrSyscalls()).remove(unmounted(container));
        layers.remove(container);
    }

    @Override
    public synchronized List<FileChange> changes(ContainerId container, int limit) throws IOException {
        Map<String, Path> before = new TreeMap<>();
        for (Path layer : layers.getOrDefault(container, List.of())) {
            before.putAll(tree(layer));
        }
        Path root = Files.exists(rootfs(container)) ? rootfs(container) : unmounted(container);
        Map<String, Path> after = tree(root);
        Map<String, Kind> kinds = new TreeMap<>();
        for (Map.Entry<String, Path> entry : after.entrySet()) {
            Path old = before.get(entry.getKey());
            if (old == null) {
                kinds.put(entry.getKey(), Kind.ADDED);
            } else if (Files.isRegularFile(old) && Files.mismatch(old, entry.getValue()) >= 0) {
                kinds.put(entry.getKey(), Kind.MODIFIED);
            }
        }
        for (String path : before.keySet()) {
            Path parent = Path.of(path).getParent();
            if (!after.containsKey(path) && (parent == null || after.containsKey(parent.toString()))) {
                kinds.put(path, Kind.DELETED);
            }
        }
        for (String path : List.copyOf(kinds.keySet())) {
            for (Path parent = Path.of(path).getParent(); parent != null; parent = parent.getParent()) {
                kinds.putIfAbsent(parent.toString(), Kind.MODIFIED);
            }
        }
        List<FileChange> changes = new ArrayList<>();
        kinds.forEach((path, kind) -> changes.add(new FileChange("/" + path, kind)));
        return changes.subList(0, Math.min(limit, changes.size()));
    }

    /** All of the copy, since nothing tells what is the container's. */
    @Override
    public synchronized DiskSize size(ContainerId container, int entries, WalkPace pace) throws IOException {
        Path root = Files.exists(rootfs(container)) ? rootfs(container) : unmounted(container);
        return new SizeWalk(new JnrSyscalls(), entries, pace).measure(root);
    }

    @Override
    public void removeGroup(GroupId group) {}

    @Override
    public synchronized void adopt(Set<ContainerId> containers) throws IOException {
        for (ContainerId container : layers.keySet()) {
            if (!containers.contains(container)) {
                unmount(container);
            }
        }
    }

    @Override
    public void close() {}
}
