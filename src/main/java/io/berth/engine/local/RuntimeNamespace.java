package io.berth.engine.local;

import io.berth.common.Subprocess;
import io.berth.engine.HostLayout;
import io.berth.engine.cgroup.CgroupMode;
import io.berth.engine.mount.MountTable;
import io.berth.engine.mount.SharedMounts;
import io.berth.engine.syscall.Flags;
import io.berth.engine.syscall.Spawner;
import io.berth.engine.syscall.Syscalls;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jboss.logging.Logger;

/**
 * The mount namespace that crun is started in. It reads the whole mount table at every command, and copies it for every
 * container: the containers' root file systems and network namespaces are left out, or each container would make the
 * making of all others slower. It is shown those it needs by {@link Staging}; to a container that is there it comes by a
 * process in it. Everything else that is mounted on the host later, under the (shared) run directory, appears there too.
 *
 * <p>On a host with both cgroup versions crun refuses to work while it sees the second hierarchy beside the first. There,
 * {@code /sys/fs/cgroup/unified} is left out as well.
 */
final class RuntimeNamespace implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(RuntimeNamespace.class);
    private static final long NSFS_MAGIC = 0x6e736673;
    private static final Path UNIFIED = Path.of("/sys/fs/cgroup/unified");
    private static final String PIN = "runtime";

    private final Spawner spawner;

    private RuntimeNamespace(Spawner spawner) {
        this.spawner = spawner;
    }

    /**
     * Makes and pins the namespace anew: since the last start the host's mounts may have changed. Where the runtime is
     * runc, which works with both cgroup versions, it is the host's.
     */
    static RuntimeNamespace open(Syscalls syscalls, HostLayout layout, String cgroupMode, String runtime)
            throws IOException {
        Path directory = directory(layout);
        unpin(syscalls, directory);
        if (!runtime.equals("crun")) {
            return new RuntimeNamespace(syscalls);
        }
        List<Path> left = new ArrayList<>();
        for (Path mountPoints : List.of(layout.rootfs(), layout.networkNamespaces())) {
            if (ensureOwn(syscalls, mountPoints)) {
                left.add(mountPoints);
            }
        }
        if (cgroupMode.equals(CgroupMode.HYBRID.toString())) {
            left.add(UNIFIED);
        }
        if (left.isEmpty()) {
            return new RuntimeNamespace(syscalls);
        }
        Files.createDirectories(directory);
        ensurePrivate(syscalls, directory);
        Path pin = directory.resolve(PIN);
        try {
            make(pin, left);
        } catch (IOException | RuntimeException e) {
            unpin(syscalls, directory);
            throw e;
        }
        return new RuntimeNamespace(new NamespaceThreads(syscalls, pin));
    }

    /** Starts programs in there. */
    Spawner spawner() {
        return spawner;
    }

    /** What was started goes on. */
    @Override
    public void close() {
        if (spawner instanceof NamespaceThreads threads) {
            threads.close();
        }
    }

    /** @return false if mounts that lie there already, of an earlier version of Berth, would be hidden by its own */
    private static boolean ensureOwn(Syscalls syscalls, Path mountPoints) throws IOException {
        Files.createDirectories(mountPoints);
        if (!SharedMounts.isOwn(mountPoints)
                && !MountTable.read().beneath(mountPoints.toRealPath()).isEmpty()) {
            LOG.warnf("what is mounted beneath %s makes the runtime slower, until a start finds none", mountPoints);
            return false;
        }
        SharedMounts.ensureOwn(mountPoints, syscalls);
        return true;
    }

    /** A mount namespace can be pinned on a private mount only: on a shared one its own copy would hold itself. */
    private static void ensurePrivate(Syscalls syscalls, Path directory) throws IOException {
        if (!SharedMounts.isOwn(directory)) {
            long flags = Flags.MS_NOSUID | Flags.MS_NODEV | Flags.MS_NOEXEC;
            syscalls.mount("berth-ns", directory, "tmpfs", flags, "size=64k");
        }
        syscalls.mount("none", directory, "", Flags.MS_PRIVATE, null);
    }

    /** What was started in a namespace keeps it. An earlier version of Berth had others. */
    private static void unpin(Syscalls syscalls, Path directory) throws IOException {
        if (Files.isDirectory(directory)) {
            try (DirectoryStream<Path> pins = Files.newDirectoryStream(directory)) {
                for (Path pin : pins) {
                    if (syscalls.filesystemType(pin) == NSFS_MAGIC) {
                        syscalls.umount(pin, Flags.MNT_DETACH);
                    }
                }
            }
        }
    }

    private static Path directory(HostLayout layout) {
        return layout.runDir().resolve("ns");
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
        unpin(syscalls, directory);
        SharedMounts.release(directory, syscalls);
        SharedMounts.release(layout.rootfs(), syscalls);
        SharedMounts.release(layout.networkNamespaces(), syscalls);
    }
}
