package io.berth.engine.cgroup;

import io.berth.engine.mount.MountEntry;
import io.berth.engine.mount.MountTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Finds the disk that the kernel throttles for files of a directory. */
final class BlockDevice {

    private BlockDevice() {}

    /**
     * {@code major:minor} of the disk under a directory; empty for file systems without one, such as tmpfs. The mount's own device is not always the disk's: a partition is throttled through its disk, and btrfs shows an
     * anonymous device but names the disk as the mount's source.
     */
    static Optional<String> under(Path directory, MountTable mounts, Path sysfs) throws IOException {
        Optional<MountEntry> mount = mounts.holding(directory.toRealPath());
        if (mount.isEmpty()) {
            return Optional.empty();
        }
        Optional<Path> device =
                existing(sysfs.resolve("dev/block").resolve(mount.get().device()));
        Path source = Path.of(mount.get().source());
        if (device.isEmpty() && source.isAbsolute() && Files.exists(source)) {
            Path name = source.toRealPath().getFileName();
            device = name == null
                    ? Optional.empty()
                    : existing(sysfs.resolve("class/block").resolve(name));
        }
        if (device.isEmpty()) {
            return Optional.empty();
        }
        Path entry = device.get().toRealPath();
        Path parent = entry.getParent();
        Path disk = Files.exists(entry.resolve("partition")) && parent != null ? parent : entry;
        return Optional.of(CgroupFiles.read(disk.resolve("dev")));
    }

    private static Optional<Path> existing(Path path) {
        return Files.exists(path) ? Optional.of(path) : Optional.empty();
    }
}
