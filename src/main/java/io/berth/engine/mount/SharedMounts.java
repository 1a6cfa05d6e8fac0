package io.berth.engine.mount;

import io.berth.engine.syscall.Flags;
import io.berth.engine.syscall.Syscalls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Makes directories in which a mount is seen by mount namespaces that were split off before it was made. */
public final class SharedMounts {

    private static final long TMPFS_MAGIC = 0x01021994;

    private SharedMounts() {}

    /**
     * Puts an empty directory that lies on a disk on a tmpfs of its own. State that is worth nothing after a reboot belongs
     * in memory, as distributions have it for {@code /run}; where {@code /run} is a part of the root file system, every
     * directory made and removed costs a write to the disk, and a discard. Repeatable.
     *
     * @param directory must exist
     */
    public static void ensureInMemory(Path directory, Syscalls syscalls) throws IOException {
        if (syscalls.filesystemType(directory) == TMPFS_MAGIC) {
            return;
        }
        try (Stream<Path> entries = Files.list(directory)) {
            if (entries.findAny().isPresent()) {
                return; // in use already, by containers that run
            }
        }
        syscalls.mount("berth", directory, "tmpfs", Flags.MS_NOSUID | Flags.MS_NODEV, "mode=0755,size=25%");
    }

    /**
     * Sees to it that mounts beneath the directory propagate. Where the mount that holds it does not, the directory is
     * bound to itself and that mount is marked shared. Repeatable: it never stacks a second mount.
     *
     * @param directory must exist
     * @see <a href="https://man7.org/linux/man-pages/man7/mount_namespaces.7.html">mount_namespaces(7)</a>
     */
    public static void ensure(Path directory, Syscalls syscalls) throws IOException {
        Path real = directory.toRealPath();
        MountEntry holder = MountTable.read()
                .holding(real)
                .orElseThrow(() -> new IOException("no mount holds " + real + ": is /proc mounted?"));
        if (holder.shared()) {
            return;
        }
        if (!holder.mountPoint().equals(real)) {
            syscalls.mount(real.toString(), real, "none", Flags.MS_BIND, null);
        }
        syscalls.mount("none", real, "none", Flags.MS_SHARED, null);
    }

    /**
     * Makes the directory a mount point itself, of a small tmpfs, so that what is mounted beneath it can be left out of a
     * mount namespace as a whole. It holds mount points only. Repeatable.
     *
     * @param directory made if it is missing; beneath one that {@link #ensure} made shared, which makes this one shared too
     * @throws IOException if something is mounted beneath it already, which would be hidden
     */
    public static void ensureOwn(Path directory, Syscalls syscalls) throws IOException {
        Path real = Files.createDirectories(directory).toRealPath();
        MountTable table = MountTable.read();
        if (isOwn(directory)) {
            return;
        }
        if (!table.beneath(real).isEmpty()) {
            throw new IOException("there are mounts beneath " + real + ", which an earlier version of Berth made:"
                    + " delete its containers, or run ./berth cleanup");
        }
        syscalls.mount("berth", real, "tmpfs", Flags.MS_NOSUID | Flags.MS_NODEV, "mode=0755,size=1m");
    }

    /** Whether the directory, which must exist, is a mount point itself. */
    public static boolean isOwn(Path directory) throws IOException {
        Path real = directory.toRealPath();
        return MountTable.read().entries().stream()
                .anyMatch(entry -> entry.mountPoint().equals(real));
    }

    /** Unmounts whatever is mounted at the directory itself, as the others have done it. Repeatable. */
    public static void release(Path directory, Syscalls syscalls) throws IOException {
        if (Files.notExists(directory)) {
            return;
        }
        Path real = directory.toRealPath();
        long mounts = MountTable.read().entries().stream()
                .filter(entry -> entry.mountPoint().equals(real))
                .count();
        for (long i = 0; i < mounts; i++) {
            syscalls.umount(real, Flags.MNT_DETACH);
        }
    }
}
