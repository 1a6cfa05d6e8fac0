package io.berth.engine;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a file, a link itself and not what it leads to.
 *
 * @param name the last part of its path, {@code /} for the root; a byte that is no UTF-8 is a lone surrogate
 * @param mode permissions and set-id bits
 * @param uid as the container sees it, 65534 if it is none of the container's; gid likewise
 * @param inode tells it from others of the same file system
 * @param modifiedAt when its content changed
 * @param changedAt when anything of it changed, by the kernel's clock: nobody can set it
 * @param linkTarget of a symbolic link
 */
public record FileInfo(
        String name,
        FileType type,
        int mode,
        int uid,
        int gid,
        long size,
        long inode,
        Instant modifiedAt,
        Instant changedAt,
        @Nullable String linkTarget) {

    public boolean isDirectory() {
        return type == FileType.DIRECTORY;
    }

    public boolean isFile() {
        return type == FileType.FILE;
    }
}
