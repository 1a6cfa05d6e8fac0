package io.berth.images.content;

import java.util.Map;

/**
 * One entry of a tar stream, extension headers already applied.
 *
 * @param name as written, not normalised; may be absolute, climb or be empty
 * @param mode permission bits, {@code 07777} at most
 * @param size bytes of data, holes included
 * @param linkName target of a link, otherwise empty
 * @param xattrs extended attributes by name, values byte for byte
 */
public record TarEntry(
        String name,
        Type type,
        int mode,
        long uid,
        long gid,
        long size,
        long mtimeSeconds,
        int mtimeNanos,
        String linkName,
        int deviceMajor,
        int deviceMinor,
        Map<String, byte[]> xattrs) {

    /** What the entry makes. */
    public enum Type {
        FILE,
        HARD_LINK,
        SYMLINK,
        CHARACTER_DEVICE,
        BLOCK_DEVICE,
        DIRECTORY,
        FIFO
    }

    public TarEntry {
        xattrs = Map.copyOf(xattrs);
    }
}
