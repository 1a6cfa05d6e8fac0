package io.berth.engine.snapshot;

import io.berth.common.Rollback;
import io.berth.engine.ContainerId;
import io.berth.engine.DiskSize;
import io.berth.engine.EngineException;
import io.berth.engine.EngineException.Reason;
import io.berth.engine.FileChange;
import io.berth.engine.GroupId;
import io.berth.engine.HostLayout;
import io.berth.engine.WalkPace;
import io.berth.engine.mount.MountEntry;
import io.berth.engine.mount.MountTable;
import io.berth.engine.syscall.ErrnoException;
import io.berth.engine.syscall.Fd;
import io.berth.engine.syscall.Flags;
import io.berth.engine.syscall.Syscalls;
import io.berth.engine.syscall.TreeRemover;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * Root file systems by overlayfs on idmapped layers: nothing is copied and nothing chowned.
 *
 * <p>{@code <data>/containers/<id>} holds {@code upper}, {@code work} and {@code layers}, the list of what is below;
 * {@code <run>/rootfs/<id>} is the mount point. Layers have whiteouts in the kernel's own form (a character device 0:0, and
 * {@code trusted.overlay.opaque}). {@link #adopt} must be called once before anything else.
 *
 * @see <a href="https://docs.kernel.org/filesystems/overlayfs.html">overlayfs</a>
 */
public final class OverlaySnapshotter implements Snapshotter {

    /**
     * Redirects are neither made nor followed, since layers come from strangers; renaming a directory of the image
     * gives EXDEV, which every program that moves directories knows how to handle.
     */
    private static final String OPTIONS = ",redirect_dir=nofollow,metacopy=off,index=off,xino=off";

    /** mount(2) takes one page, terminating zero included. */
    private static final int LONGEST_OPTIONS = 4095;

    private static final int DIRECTORY = Flags.O_RDONLY | Flags.O_DIRECTORY | Flags.O_NOFOLLOW;

    private final HostLayout layout;
    private final Path rootfs;
    private final Path nothing;
    private final LowerLayers lowers;
    private final Syscalls syscalls;
    private final MountReleaser releaser = new MountReleaser();
    private final Set<ContainerId> mounted = ConcurrentHashMap.newKeySet();

    /**
     * @param layout both directories must exist; a runtime that is to see the mounts from another mount namespace needs
     *     the run directory shared ({@link io.berth.engine.mount.SharedMounts})
     */
    public OverlaySnapshotter(HostLayout layout, Syscalls syscalls) {
        this.layout = layout;
        this.rootfs = layout.rootfs();
        this.nothing = layout.runDir().resolve("empty");
        this.lowers = new LowerLayers(layout.runDir().resolve("lower"), syscalls);
        this.syscalls = syscalls;
    }

    @Override
    public Path prepare(ContainerId container, GroupId group, List<Path> layers, Path userNamespace, int firstId)
            throws IOException {
        Path target = rootfs.resolve(container.value());
        if (!mounted.contains(container)) {
            mount(container, group, layers, userNamespace, firstId, Flags.MS_NODEV);
            mounted.add(container);
        }
        return target;
    }

    @Override
    public Fd look(ContainerId container, GroupId group, List<Path> layers, Path userNamespace, int firstId)
            throws IOException {
        Path target = rootfs.resolve(container.value());
        boolean here = mounted.contains(container);
        if (!here) {
            mount(container, group, layers, userNamespace, firstId, Flags.MS_NODEV | Flags.MS_RDONLY);
        }
        try (Rollback rollback = new Rollback()) {
            if (!here) {
                rollback.push("unmount " + target, () -> unmount(target));
            }
            Fd top = syscalls.open(target, Flags.O_PATH | Flags.O_DIRECTORY, 0);
            rollback.push("close " + target, top::close);
            if (!here) {
                unmount(target);
            }
            rollback.disarm();
            return top;
        }
    }

    private void mount(
            ContainerId container, GroupId group, List<Path> layers, Path userNamespace, int firstId, long flags)
            throws IOException {
        Path target = rootfs.resolve(container.value());
        try (Rollback rollback = new Rollback();
                OpenDirectories open = new OpenDirectories()) {
            WritableLayer writable = writableLayer(container);
            if (!writable.exists()) {
                rollback.push("remove writable layer of " + container, writable::remove);
                writable.create(firstId, layers);
            }
            for (Path layer : topDown(layers)) {
                open.add(lowers.open(group, layer, userNamespace));
            }
            if (layers.isEmpty()) {
                open.add(syscalls.open(Files.createDirectories(nothing), DIRECTORY, 0));
            }
            String data = "lowerdir="
                    + open.all().stream().map(OpenDirectories::pathOf).collect(Collectors.joining(":"))
                    + ",upperdir=" + OpenDirectories.pathOf(open.add(syscalls.open(writable.upper(), DIRECTORY, 0)))
                    + ",workdir=" + OpenDirectories.pathOf(open.add(syscalls.open(writable.work(), DIRECTORY, 0)))
                    + OPTIONS;
            if (data.length() > LONGEST_OPTIONS) {
                throw new EngineException(
                        Reason.INVALID,
                        "an image of " + layers.size() + " layers cannot be mounted (about 190 can): squash it");
            }
            rollback.push("remove " + target, () -> Files.deleteIfExists(target));
            Files.createDirectories(target);
            syscalls.mount("overlay", target, "overlay", flags, data);
            rollback.disarm();
        }
    }

    /** As overlayfs wants them. It refuses a layer that is there twice, of which only the upper one can be seen anyway. */
    private static List<Path> topDown(List<Path> layers) {
        List<Path> reversed = new ArrayList<>(layers);
        Collections.reverse(reversed);
        return List.copyOf(new LinkedHashSet<>(reversed));
    }

    @Override
    public Path rootfs(ContainerId container) {
        return rootfs.resolve(container.value());
    }

    private WritableLayer writableLayer(ContainerId container) {
        return new WritableLayer(layout.containers().resolve(container.value()), syscalls);
    }

    @Override
    public void unmount(ContainerId container) throws IOException {
        unmount(rootfs.resolve(container.value()));
        mounted.remove(container);
    }

    private void unmount(Path target) throws IOException {
        if (Files.notExists(target)) {
            return;
        }
        try {
            syscalls.umount(target, Flags.MNT_DETACH);
        } catch (ErrnoException e) {
            if (!e.is("EINVAL") && !e.is("ENOENT")) { // not mounted, or gone altogether
                throw e;
            }
        }
        Files.deleteIfExists(target);
    }

    @Override
    public void remove(ContainerId container) throws IOException {
        Optional<Fd> held = hold(rootfs.resolve(container.value()));
        try {
            unmount(container);
            writableLayer(container).remove();
        } finally {
            held.ifPresent(releaser::release);
        }
    }

    private Optional<Fd> hold(Path target) throws IOException {
        try {
            return Optional.of(syscalls.open(target, Flags.O_PATH | Flags.O_DIRECTORY, 0));
        } catch (ErrnoException e) {
            if (e.is("ENOENT")) {
                return Optional.empty();
            }
            throw e;
        }
    }

    @Override
    public List<FileChange> changes(ContainerId container, int limit) throws IOException {
        WritableLayer writable = writableLayer(container);
        if (!writable.exists()) {
            throw new EngineException(Reason.NOT_FOUND, "no writable layer of container " + container);
        }
        try (OpenDirectories lower = new OpenDirectories();
                Fd upper = syscalls.open(writable.upper(), DIRECTORY, 0)) {
            for (Path layer : topDown(writable.layers())) {
                lower.add(syscalls.open(layer, DIRECTORY, 0));
            }
            return new UpperChanges(upper, lower.all(), syscalls).list(limit);
        }
    }

    @Override
    public DiskSize size(ContainerId container, int entries, WalkPace pace) throws IOException {
        WritableLayer writable = writableLayer(container);
        if (!writable.exists()) {
            throw new EngineException(Reason.NOT_FOUND, "no writable layer of container " + container);
        }
        return new SizeWalk(syscalls, entries, pace).measure(writable.upper());
    }

    @Override
    public void removeGroup(GroupId group) throws IOException {
        lowers.removeGroup(group);
    }

    @Override
    public void adopt(Set<ContainerId> containers) throws IOException {
        Files.createDirectories(rootfs);
        // the runtime, being root of a group only, must get through to the mount points
        Files.setPosixFilePermissions(rootfs, PosixFilePermissions.fromString("rwx--x--x"));
        Path realRootfs = rootfs.toRealPath();
        MountTable table = MountTable.read();
        Map<Path, ContainerId> wanted = containers.stream()
                .collect(Collectors.toMap(container -> realRootfs.resolve(container.value()), container -> container));
        Set<Path> kept = new HashSet<>();
        mounted.clear();
        for (MountEntry entry : table.beneath(realRootfs)) {
            ContainerId container = wanted.get(entry.mountPoint());
            if (container == null) {
                unmount(entry.mountPoint());
            } else {
                mounted.add(container);
                kept.add(entry.mountPoint());
            }
        }
        removeOtherDirectories(realRootfs, kept);
        // a mounted overlay holds its layers by itself
        lowers.dropAll(table);
    }

    private void removeOtherDirectories(Path directory, Set<Path> kept) throws IOException {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            for (Path entry : entries) {
                if (!kept.contains(entry)) {
                    new TreeRemover(syscalls).remove(entry);
                }
            }
        }
    }

    /** Mounts stay: containers go on without the server. */
    @Override
    public void close() {
        releaser.close();
    }
}
