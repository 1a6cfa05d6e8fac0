package io.berth.engine.snapshot;

import io.berth.engine.ContainerId;
import io.berth.engine.DiskSize;
import io.berth.engine.FileChange;
import io.berth.engine.GroupId;
import io.berth.engine.WalkPace;
import io.berth.engine.syscall.Fd;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * Root file systems of containers: read-only layers, shared by all, under a writable layer of each container's own.
 * Thread-safe for different containers.
 */
public interface Snapshotter extends AutoCloseable {

    /**
     * Mounts a container's root file system, with ids shifted to its group's range.
     *
     * @param layers unpacked layer directories, lowest first
     * @param userNamespace pinned user namespace of the group
     * @return the root file system's directory
     */
    Path prepare(ContainerId container, GroupId group, List<Path> layers, Path userNamespace, int firstId)
            throws IOException;

    /**
     * Opens a container's root file system to look at it, and leaves it mounted only if it was. By itself it is read-only: its end,
     * which comes with the last descriptor, then need not write out the whole file system below it.
     *
     * @return {@code O_PATH}, of its top
     */
    Fd look(ContainerId container, GroupId group, List<Path> layers, Path userNamespace, int firstId)
            throws IOException;

    /** Where {@link #prepare} mounts the container's root file system. */
    Path rootfs(ContainerId container);

    /** Unmounts the root file system and keeps the writable layer. Repeatable. */
    void unmount(ContainerId container) throws IOException;

    /** Unmounts it and removes the writable layer. Repeatable. */
    void remove(ContainerId container) throws IOException;

    /** What the writable layer adds to, changes in and hides from the layers below, sorted by path. */
    List<FileChange> changes(ContainerId container, int limit) throws IOException;

    /**
     * What the writable layer occupies on the disk. Blocks as long as the pace makes it; what is changed meanwhile may or may not be seen.
     *
     * @param entries the most that are looked at
     * @throws io.berth.engine.EngineException {@code NOT_FOUND} if there is no such layer
     */
    DiskSize size(ContainerId container, int entries, WalkPace pace) throws IOException;

    /** Drops the mounts that a group's containers shared. Repeatable. */
    void removeGroup(GroupId group) throws IOException;

    /** After a restart: keeps what these containers have mounted and unmounts everything else. */
    void adopt(Set<ContainerId> containers) throws IOException;

    @Override
    void close();
}
