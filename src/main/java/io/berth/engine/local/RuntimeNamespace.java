package io.berth.engine.local;

import io.berth.common.Subprocess;
import io.berth.engine.HostLayout;
import io.berth.engine.cgroup.CgroupMode;
import io.berth.engine.mount.MountTable;
import io.berth.engine.mount.SharedMounts;
import io.berth.engine.syscall.Flags;
import io.berth.engine.syscall.Syscalls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The mount namespace that crun is started in. It reads the whole mount table at every command, and copies it for every
 * container: the containers' root file systems and network namespaces are left out, or each container would make the
 * making of all others slower. It is shown those it needs by {@link Staging}; to a container that is there it comes by a
 * process in it. Everything else that is mounted on the host later, under the (shared) run directory, appears there too.
 *
 * <p>On a host with both cgroup versions crun refuses to work while it sees the second hierarchy beside the first. There,
 * {@code /sys/fs/cgroup/unified} is left out as well.
 */
final class RuntimeNamespace {

    private static final long NSFS_MAGIC = 0x6e736673;
    private static final Path UNIFIED = Path.of("/sys/fs/cgroup/unified");
    private static final String PIN = "runtime";

    private RuntimeNamespace() {}

    /**
     * A command prefix that enters the namespace, which is made and pinned if need be; empty where the runtime is runc,
     * which reads no more than it has to and works with both cgroup versions.
     */
    static List<String> prefix(Syscalls syscalls, HostLayout layout, String cgroupMode, String runtime)
            throws IOException {
        if (!runtime.equals("crun")) {
            return List.of();
        }
        Path pin = directory(layout).resolve(PIN);
        if (!isPinned(syscalls, pin)) {
            Files.createDirectories(directory(layout));
            SharedMounts.ensureOwn(layout.rootfs(), syscalls);
            SharedMounts.ensureOwn(layout.networkNamespaces(), syscalls);
            List<Path> left = new ArrayList<>(List.of(layout.rootfs(), layout.networkNamespaces()));
            if (cgroupMode.equals(CgroupMode.HYBRID.toString())) {
                left.add(UNIFIED);
            }
            ensurePrivate(syscalls, directory(layout));
            make(pin, left);
        }
        return List.of(Programs.require("nsenter").toString(), "--mount=" + pin, "--");
    }

    /** A mount namespace can be pinned on a private mount only: on a shared one its own copy would hold itself. */
    private static void ensurePrivate(Syscalls syscalls, Path directory) throws IOException {
        Path real = directory.toRealPath();
        if (MountTable.read().entries().stream()
                .noneMatch(entry -> entry.mountPoint().equals(real))) {
            long flags = Flags.MS_NOSUID | Flags.MS_NODEV | Flags.MS_NOEXEC;
            syscalls.mount("berth-ns", directory, "tmpfs", flags, "size=64k");
            syscalls.mount("none", directory, "", Flags.MS_PRIVATE, null);
        }
    }

    private static Path directory(HostLayout layout) {
        return layout.runDir().resolve("ns");
    }

    private static boolean isPinned(Syscalls syscalls, Path pin) throws IOException {
        return Files.exists(pin) && syscalls.filesystemType(pin) == NSFS_MAGIC;
    }

    private static void make(Path pin, List<Path> unmounted) throws IOException {
        if (!Files.exists(pin)) {
            Files.createFile(pin);
        }
        List<String> command = new ArrayList<>(List.of(
                Programs.require("unshare").toString(),
                "--mount=" + pin,
                "--propagation",
                "slave",
                Programs.require("umount").toString(),
                "--lazy"));
        unmounted.forEach(mount -> command.add(mount.toString()));
        Subprocess.run(Duration.ofSeconds(10), command).orThrow();
    }

    /** Lets go of the namespace. Repeatable. */
    static void release(Syscalls syscalls, HostLayout layout) throws IOException {
        Path directory = directory(layout);
        if (Files.isDirectory(directory)) {
            try (Stream<Path> pins = Files.list(directory)) { // an earlier version of Berth had others
                for (Path pin : pins.toList()) {
                    if (isPinned(syscalls, pin)) {
                        syscalls.umount(pin, Flags.MNT_DETACH);
                    }
                }
            }
        }
        SharedMounts.release(directory, syscalls);
        SharedMounts.release(layout.rootfs(), syscalls);
        SharedMounts.release(layout.networkNamespaces(), syscalls);
    }
}
