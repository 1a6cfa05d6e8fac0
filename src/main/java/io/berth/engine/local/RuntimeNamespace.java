package io.berth.engine.local;

import io.berth.common.Subprocess;
import io.berth.engine.HostLayout;
import io.berth.engine.mount.SharedMounts;
import io.berth.engine.syscall.Flags;
import io.berth.engine.syscall.Syscalls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The mount namespaces that crun is started in on hosts with both cgroup versions: crun refuses to work while it sees the
 * second hierarchy beside the first. There, {@code /sys/fs/cgroup/unified} is unmounted, and only there; everything
 * mounted on the host later under the (shared) run directory appears in them too.
 *
 * <p>Execs have one of their own, without the containers' root file systems and network namespaces, which they reach by
 * the process they join: crun reads the whole mount table at every command, so that each container would make every exec
 * slower.
 */
final class RuntimeNamespace {

    private static final long NSFS_MAGIC = 0x6e736673;
    private static final Path UNIFIED = Path.of("/sys/fs/cgroup/unified");
    private static final String CREATE = "mnt";
    private static final String EXEC = "exec";

    private RuntimeNamespace() {}

    /**
     * Command prefixes that enter a namespace; empty where the runtime can work in the host's own.
     *
     * @param create for what makes a container
     * @param exec for what starts a process in one
     */
    record Prefixes(List<String> create, List<String> exec) {}

    /** Makes and pins the namespaces if need be. */
    static Prefixes prefixes(Syscalls syscalls, HostLayout layout, String cgroupMode, String runtime)
            throws IOException {
        if (!cgroupMode.equals("hybrid") || !runtime.equals("crun")) {
            return new Prefixes(List.of(), List.of());
        }
        Path directory = directory(layout);
        if (!isPinned(syscalls, directory.resolve(CREATE))) {
            Files.createDirectories(directory);
            // A mount namespace can be pinned on a private mount only: on a shared one its own copy would hold itself.
            long flags = Flags.MS_NOSUID | Flags.MS_NODEV | Flags.MS_NOEXEC;
            syscalls.mount("berth-ns", directory, "tmpfs", flags, "size=64k");
            syscalls.mount("none", directory, "", Flags.MS_PRIVATE, null);
            make(directory.resolve(CREATE), List.of(UNIFIED));
        }
        if (!isPinned(syscalls, directory.resolve(EXEC))) {
            SharedMounts.ensureOwn(layout.rootfs(), syscalls);
            SharedMounts.ensureOwn(layout.networkNamespaces(), syscalls);
            make(directory.resolve(EXEC), List.of(UNIFIED, layout.rootfs(), layout.networkNamespaces()));
        }
        return new Prefixes(enter(directory.resolve(CREATE)), enter(directory.resolve(EXEC)));
    }

    private static Path directory(HostLayout layout) {
        return layout.runDir().resolve("ns");
    }

    private static boolean isPinned(Syscalls syscalls, Path pin) throws IOException {
        return Files.exists(pin) && syscalls.filesystemType(pin) == NSFS_MAGIC;
    }

    private static List<String> enter(Path pin) {
        return List.of(Programs.require("nsenter").toString(), "--mount=" + pin, "--");
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

    /** Lets go of the namespaces. Repeatable. */
    static void release(Syscalls syscalls, HostLayout layout) throws IOException {
        Path directory = directory(layout);
        for (String name : List.of(EXEC, CREATE)) {
            if (isPinned(syscalls, directory.resolve(name))) {
                syscalls.umount(directory.resolve(name), Flags.MNT_DETACH);
            }
        }
        if (Files.exists(directory.resolve(CREATE))) {
            syscalls.umount(directory, Flags.MNT_DETACH);
        }
        SharedMounts.release(layout.rootfs(), syscalls);
        SharedMounts.release(layout.networkNamespaces(), syscalls);
    }
}
