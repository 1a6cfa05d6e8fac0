package io.berth.engine.snapshot;

import io.berth.common.Rollback;
import io.berth.engine.GroupId;
import io.berth.engine.mount.MountEntry;
import io.berth.engine.mount.MountTable;
import io.berth.engine.syscall.ErrnoException;
import io.berth.engine.syscall.Fd;
import io.berth.engine.syscall.Flags;
import io.berth.engine.syscall.Syscalls;
import io.berth.engine.syscall.TreeRemover;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Layers as a group sees them: each mounted once, read-only and with ids shifted, at {@code lower/<group>/<layer>} when a
 * container first needs it. An overlay holds on to its layers by itself, so these mounts only save making them again.
 */
final class LowerLayers {

    private static final int DIRECTORY = Flags.O_PATH | Flags.O_DIRECTORY;
    private static final int NAME_BYTES = 16;

    private final Path directory;
    private final Syscalls syscalls;
    /** Mount points by group. A group's set is the lock under which its mounts are made and dropped. */
    private final Map<GroupId, Set<Path>> mounted = new ConcurrentHashMap<>();

    LowerLayers(Path directory, Syscalls syscalls) {
        this.directory = directory;
        this.syscalls = syscalls;
    }

    /** Opens the layer's mount, making it first if need be. */
    Fd open(GroupId group, Path layer, Path userNamespace) throws IOException {
        Path target = directory.resolve(group.value()).resolve(shortName(layer));
        Set<Path> mounts = mounted.computeIfAbsent(group, unused -> ConcurrentHashMap.newKeySet());
        if (mounts.contains(target)) {
            Fd open = syscalls.open(target, DIRECTORY, 0);
            if (isSameDirectory(open, layer)) {
                return open;
            }
            open.close();
        }
        synchronized (mounts) {
            mount(mounts, layer, target, userNamespace);
        }
        return syscalls.open(target, DIRECTORY, 0);
    }

    /** A layer that was deleted and unpacked anew is another directory at the same path. */
    private boolean isSameDirectory(Fd mount, Path layer) throws IOException {
        try (Fd present = syscalls.open(layer, DIRECTORY, 0)) {
            return syscalls.fstatat(present, "").inode()
                    == syscalls.fstatat(mount, "").inode();
        }
    }

    private void mount(Set<Path> mounts, Path layer, Path target, Path userNamespace) throws IOException {
        if (mounts.contains(target)) {
            try (Fd open = syscalls.open(target, DIRECTORY, 0)) {
                if (isSameDirectory(open, layer)) {
                    return; // another thread was faster
                }
            }
            drop(target);
            mounts.remove(target);
        }
        try (Rollback rollback = new Rollback();
                Fd namespace = syscalls.open(userNamespace, Flags.O_RDONLY, 0)) {
            rollback.push("remove " + target, () -> Files.deleteIfExists(target));
            Files.createDirectories(target);
            syscalls.mountIdmapped(layer, target, namespace, true);
            rollback.disarm();
        }
        mounts.add(target);
    }

    private void drop(Path target) throws IOException {
        try {
            syscalls.umount(target, Flags.MNT_DETACH);
        } catch (ErrnoException e) {
            if (!e.is("EINVAL") && !e.is("ENOENT")) { // not mounted, or gone altogether
                throw e;
            }
        }
        Files.deleteIfExists(target);
    }

    void removeGroup(GroupId group) throws IOException {
        Set<Path> mounts = mounted.computeIfAbsent(group, unused -> ConcurrentHashMap.newKeySet());
        synchronized (mounts) {
            for (Path target : mounts) {
                drop(target);
                mounts.remove(target);
            }
            Files.deleteIfExists(directory.resolve(group.value()));
            mounted.remove(group);
        }
    }

    /** Drops what an earlier run of the server left. */
    void dropAll(MountTable table) throws IOException {
        mounted.clear();
        if (Files.notExists(directory)) {
            return;
        }
        for (MountEntry entry : table.beneath(directory.toRealPath())) {
            drop(entry.mountPoint());
        }
        new TreeRemover(syscalls).remove(directory);
    }

    private static String shortName(Path layer) {
        try {
            byte[] hash =
                    MessageDigest.getInstance("SHA-256").digest(layer.toString().getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, NAME_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
