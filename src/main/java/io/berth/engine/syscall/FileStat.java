package io.berth.engine.syscall;

/**
 * What stat(2) tells of a file.
 *
 * @param mode type and permissions
 * @param deviceMajor of the device that a device node stands for ({@code st_rdev}), 0 for other files
 * @param deviceMinor likewise
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
        long mtimeSeconds) {

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

    public int permissions() {
        return mode & 07777;
    }
}
