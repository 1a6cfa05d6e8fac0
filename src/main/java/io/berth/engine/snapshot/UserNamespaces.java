package io.berth.engine.snapshot;

import io.berth.common.Rollback;
import io.berth.engine.EngineException;
import io.berth.engine.EngineException.Reason;
import io.berth.engine.GroupId;
import io.berth.engine.syscall.ErrnoException;
import io.berth.engine.syscall.Fd;
import io.berth.engine.syscall.Flags;
import io.berth.engine.syscall.Syscalls;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The user namespaces of groups, each pinned by a mount on a file of the run directory, so that it stays without a process
 * and survives the server. Thread-safe.
 */
public final class UserNamespaces {

    /** Ids that each namespace maps, from 0 inside. */
    public static final int IDS = UserNamespaceProcess.IDS;

    private static final long NSFS_MAGIC = 0x6e736673;
    private static final String MAP_SUFFIX = ".map";

    private final Path directory;
    private final Syscalls syscalls;

    public UserNamespaces(Path runDir, Syscalls syscalls) {
        this.directory = runDir.resolve("userns");
        this.syscalls = syscalls;
    }

    /**
     * Makes and pins the group's namespace if it is not there yet. Repeatable. Blocks a few milliseconds the first time.
     *
     * @param firstId host id of the group's root; {@link #IDS} ids from it on are the group's
     * @return the file it is pinned at, for open(2) and as an OCI namespace path
     * @throws EngineException {@code WRONG_STATE} if it is pinned with other ids, {@code HOST_INCOMPLETE} if the host
     *     makes no user namespaces
     */
    public synchronized Path ensure(GroupId group, int firstId) throws IOException {
        Path pin = directory.resolve(group.value());
        Path map = directory.resolve(group.value() + MAP_SUFFIX);
        if (isPinned(pin)) {
            requireSameIds(group, map, firstId);
            return pin;
        }
        Files.createDirectories(directory);
        try (Rollback rollback = new Rollback();
                UserNamespaceProcess process = UserNamespaceProcess.start(firstId)) {
            rollback.push("release user namespace of " + group, () -> release(group));
            Files.writeString(map, Integer.toString(firstId));
            if (Files.notExists(pin)) {
                Files.createFile(pin);
            }
            syscalls.mount(process.namespace().toString(), pin, "none", Flags.MS_BIND, null);
            rollback.disarm();
        }
        return pin;
    }

    private static void requireSameIds(GroupId group, Path map, int firstId) throws IOException {
        String pinned = Files.readString(map);
        if (!pinned.equals(Integer.toString(firstId))) {
            throw new EngineException(
                    Reason.WRONG_STATE,
                    "the user namespace of group " + group + " begins at id " + pinned + ", not " + firstId
                            + ": release it first");
        }
    }

    private boolean isPinned(Path pin) throws IOException {
        try {
            return syscalls.filesystemType(pin) == NSFS_MAGIC;
        } catch (ErrnoException e) {
            if (e.is("ENOENT")) {
                return false;
            }
            throw e;
        }
    }

    /** Unpins the group's namespace; it is gone once nothing uses it any more. Repeatable. */
    public synchronized void release(GroupId group) throws IOException {
        Path pin = directory.resolve(group.value());
        while (isPinned(pin)) {
            syscalls.umount(pin, Flags.MNT_DETACH);
        }
        Files.deleteIfExists(pin);
        Files.deleteIfExists(directory.resolve(group.value() + MAP_SUFFIX));
    }

    /** After a restart: keeps the namespaces of these groups and releases all others. */
    public void adopt(Set<GroupId> groups) throws IOException {
        for (GroupId group : pinned()) {
            if (!groups.contains(group)) {
                release(group);
            }
        }
    }

    private List<GroupId> pinned() throws IOException {
        List<GroupId> groups = new ArrayList<>();
        try (DirectoryStream<Path> pins = Files.newDirectoryStream(directory)) {
            for (Path pin : pins) {
                String name = String.valueOf(pin.getFileName());
                if (!name.endsWith(MAP_SUFFIX)) {
                    groups.add(new GroupId(name));
                }
            }
        } catch (NoSuchFileException none) {
            return List.of();
        }
        return groups;
    }

    /** Whether the file system of a directory can be mounted with shifted ids. Leaves nothing behind. */
    public static boolean supportsIdmap(Path onFileSystem, Path runDir, Syscalls syscalls) throws IOException {
        Path source = Files.createTempDirectory(onFileSystem, ".idmap-probe");
        Path target = Files.createTempDirectory(runDir, ".idmap-probe");
        try (UserNamespaceProcess process = UserNamespaceProcess.start(IDS);
                Fd namespace = syscalls.open(process.namespace(), Flags.O_RDONLY, 0)) {
            syscalls.mountIdmapped(source, target, namespace, true);
            syscalls.umount(target, Flags.MNT_DETACH);
            return true;
        } catch (ErrnoException e) {
            return false;
        } finally {
            Files.deleteIfExists(target);
            Files.deleteIfExists(source);
        }
    }
}
