package io.berth.engine.syscall;

/**
 * What stat(2) tells of a file.
 *
 * @param mode type and permissions
 * @param deviceMajor of the device that a device node stands for ({@code st_rdev}), 0 for other files
 * @param deviceMinor likewise
 * @param mtimeSeconds when the content changed, since 1970, and {@code mtimeNanos} of the second
 * @param ctimeSeconds when anything of it changed, its mode or name for example
 * @param blocks what is allocated on the disk, in units of 512 bytes whatever the file system's block is
 */
public record FileStat(
        int mode,
        int uid,
        int gid,
        long size,
        long inode,
        int deviceMajor,
        int deviceMinor,
        int links,
        long mtimeSeconds,
        int mtimeNanos,
        long ctimeSeconds,
        int ctimeNanos,
        long blocks) {

    private static final int S_IFMT = 0170000;

    public boolean isDirectory() {
        return (mode & S_IFMT) == 0040000;
    }

    public boolean isRegularFile() {
        return (mode & S_IFMT) == 0100000;
    }

    public boolean isSymbolicLink() {
        return (mode & S_IFMT) == 0120000;
    }

    public boolean isCharacterDevice() {
        return (mode & S_IFMT) == 0020000;
    }

    /** What it occupies on the disk: less than its size if it is sparse. */
    public long allocatedBytes() {
        return blocks * 512;
    }

    public int permissions() {
        return mode & 07777;
    }
}
