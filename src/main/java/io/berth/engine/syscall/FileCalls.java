package io.berth.engine.syscall;

import static io.berth.engine.syscall.Errors.check;
import static io.berth.engine.syscall.LibC.C;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Calls on files and directories. */
final class FileCalls {

    private static final int AT_SYMLINK_NOFOLLOW = 0x100;
    private static final int AT_EMPTY_PATH = 0x1000;
    private static final int STATX_BASIC_STATS = 0x7ff;
    private static final int STATX_SIZE = 256;
    private static final int STATFS_SIZE = 256;
    private static final int PATH_MAX = 4096;
    private static final int XATTR_SIZE_MAX = 65536;
    private static final int DIRENT_NAME = 19;
    private static final long FS_IOC_GETFLAGS = 0x80086601L;
    private static final long FS_IOC_SETFLAGS = 0x40086602L;

    private final Abi abi;

    FileCalls(Abi abi) {
        this.abi = abi;
    }

    Fd open(Path path, int flags, int mode) throws ErrnoException {
        byte[] name = CString.encode(path.toString());
        int all = abi.openFlags(flags | Flags.O_CLOEXEC);
        return new OwnedFd(check(() -> "open(" + path + ")", () -> C.openat(LibC.AT_FDCWD, name, all, mode)));
    }

    Fd openat2(Fd dir, String path, int flags, int mode, long resolve) throws ErrnoException {
        byte[] name = CString.encode(path);
        ByteBuffer how = ByteBuffer.allocate(24).order(ByteOrder.nativeOrder());
        // openat2 refuses a mode without O_CREAT
        how.putLong(abi.openFlags(flags | Flags.O_CLOEXEC))
                .putLong((flags & Flags.O_CREAT) != 0 ? mode : 0)
                .putLong(resolve);
        int at = dir.number();
        return new OwnedFd(check(
                () -> "openat2(" + path + ")", () -> C.syscall(Abi.OPENAT2, at, name, how.array(), how.capacity())));
    }

    void mkdirat(Fd dir, String name, int mode) throws ErrnoException {
        byte[] bytes = component(name);
        int at = dir.number();
        check(() -> "mkdirat(" + name + ")", () -> C.mkdirat(at, bytes, mode));
    }

    void mknodat(Fd dir, String name, int mode, int major, int minor) throws ErrnoException {
        byte[] bytes = component(name);
        int at = dir.number();
        long device = (minor & 0xffL) | ((major & 0xfffL) << 8) | ((minor & 0xfff00L) << 12);
        check(() -> "mknodat(" + name + ")", () -> C.syscall(abi.mknodat(), at, bytes, mode, device));
    }

    void symlinkat(String target, Fd dir, String name) throws ErrnoException {
        byte[] to = CString.encode(target);
        byte[] bytes = component(name);
        int at = dir.number();
        check(() -> "symlinkat(" + name + ")", () -> C.symlinkat(to, at, bytes));
    }

    void linkat(Fd fromDir, String from, Fd toDir, String to) throws ErrnoException {
        byte[] source = component(from);
        byte[] target = component(to);
        int fromAt = fromDir.number();
        int toAt = toDir.number();
        check(() -> "linkat(" + from + ", " + to + ")", () -> C.linkat(fromAt, source, toAt, target, 0));
    }

    void unlinkat(Fd dir, String name, int flags) throws ErrnoException {
        byte[] bytes = component(name);
        int at = dir.number();
        check(() -> "unlinkat(" + name + ")", () -> C.unlinkat(at, bytes, flags));
    }

    void renameat2(Fd fromDir, String from, Fd toDir, String to, int flags) throws ErrnoException {
        byte[] source = component(from);
        byte[] target = component(to);
        int fromAt = fromDir.number();
        int toAt = toDir.number();
        check(() -> "renameat2(" + from + ", " + to + ")", () -> C.renameat2(fromAt, source, toAt, target, flags));
    }

    String readlinkat(Fd dir, String name) throws ErrnoException {
        byte[] bytes = component(name);
        byte[] target = new byte[PATH_MAX];
        int at = dir.number();
        long length = check(() -> "readlinkat(" + name + ")", () -> C.readlinkat(at, bytes, target, target.length));
        return CString.decode(target, 0, (int) length);
    }

    void fchownat(Fd dir, String name, int uid, int gid) throws ErrnoException {
        byte[] bytes = component(name);
        int at = dir.number();
        check(() -> "fchownat(" + name + ")", () -> C.fchownat(at, bytes, uid, gid, AT_SYMLINK_NOFOLLOW));
    }

    void fchmodat(Fd dir, String name, int mode) throws ErrnoException {
        byte[] bytes = component(name);
        int at = dir.number();
        check(() -> "fchmodat(" + name + ")", () -> C.fchmodat(at, bytes, mode, 0));
    }

    void fchmod(Fd file, int mode) throws ErrnoException {
        int number = file.number();
        check(() -> "fchmod(" + number + ")", () -> C.fchmod(number, mode));
    }

    void fchown(Fd file, int uid, int gid) throws ErrnoException {
        int number = file.number();
        check(() -> "fchown(" + number + ")", () -> C.fchown(number, uid, gid));
    }

    void utimensat(Fd dir, String name, long seconds, int nanos) throws ErrnoException {
        byte[] bytes = component(name);
        long[] times = {seconds, nanos, seconds, nanos};
        int at = dir.number();
        check(() -> "utimensat(" + name + ")", () -> C.utimensat(at, bytes, times, AT_SYMLINK_NOFOLLOW));
    }

    void setxattrat(Fd dir, String name, String attribute, byte[] value) throws ErrnoException {
        byte[] path = entry(dir, name);
        byte[] key = CString.encode(attribute);
        // an empty array has no address to pass
        byte[] bytes = value.length == 0 ? new byte[1] : value;
        check(() -> "lsetxattr(" + name + ", " + attribute + ")", () -> C.lsetxattr(path, key, bytes, value.length, 0));
    }

    byte @Nullable [] getxattrat(Fd dir, String name, String attribute) throws ErrnoException {
        byte[] path = entry(dir, name);
        byte[] key = CString.encode(attribute);
        byte[] small = new byte[256];
        long length = C.lgetxattr(path, key, small, small.length);
        if (length >= 0) {
            return Arrays.copyOf(small, (int) length);
        }
        int errno = LibC.errno();
        if (errno == Errors.ENODATA) {
            return null;
        }
        if (errno != Errors.ERANGE) {
            throw Errors.exception("lgetxattr(" + name + ", " + attribute + ")", errno);
        }
        byte[] large = new byte[XATTR_SIZE_MAX];
        long all = check(
                () -> "lgetxattr(" + name + ", " + attribute + ")", () -> C.lgetxattr(path, key, large, large.length));
        return Arrays.copyOf(large, (int) all);
    }

    FileStat fstatat(Fd dir, String name) throws ErrnoException {
        byte[] bytes = name.isEmpty() ? new byte[1] : component(name);
        ByteBuffer stat = statx(dir.number(), bytes, name, AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH);
        return new FileStat(
                Short.toUnsignedInt(stat.getShort(28)),
                stat.getInt(20),
                stat.getInt(24),
                stat.getLong(40),
                stat.getLong(32),
                stat.getInt(128),
                stat.getInt(132),
                stat.getInt(16),
                stat.getLong(112),
                stat.getInt(120),
                stat.getLong(96),
                stat.getInt(104),
                stat.getLong(48));
    }

    String deviceOf(Path path) throws ErrnoException {
        ByteBuffer stat = statx(LibC.AT_FDCWD, CString.encode(path.toString()), path.toString(), 0);
        return Integer.toUnsignedString(stat.getInt(136)) + ":" + Integer.toUnsignedString(stat.getInt(140));
    }

    void addInodeFlags(Path path, int flags) throws ErrnoException {
        // a long by its number, an int by what the kernel copies
        ByteBuffer known = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.nativeOrder());
        try (Fd file = open(path, Flags.O_RDONLY, 0)) {
            check(() -> "FS_IOC_GETFLAGS(" + path + ")", () -> C.ioctl(file.number(), FS_IOC_GETFLAGS, known.array()));
            known.putInt(0, known.getInt(0) | flags);
            check(() -> "FS_IOC_SETFLAGS(" + path + ")", () -> C.ioctl(file.number(), FS_IOC_SETFLAGS, known.array()));
        }
    }

    long filesystemType(Path path) throws ErrnoException {
        byte[] bytes = CString.encode(path.toString());
        ByteBuffer stat = ByteBuffer.allocate(STATFS_SIZE).order(ByteOrder.nativeOrder());
        check(() -> "statfs(" + path + ")", () -> C.statfs(bytes, stat.array()));
        return stat.getLong(0);
    }

    List<String> list(Fd dir, int limit, long mostText) throws ErrnoException {
        int at = dir.number();
        byte[] self = {'.', 0};
        int flags = abi.openFlags(Flags.O_RDONLY | Flags.O_DIRECTORY | Flags.O_CLOEXEC);
        // a descriptor of its own: the position belongs to the open file, and dir may be O_PATH
        try (Fd open = new OwnedFd(check(() -> "open(directory)", () -> C.openat(at, self, flags, 0)))) {
            List<String> names = new ArrayList<>();
            long text = 0;
            byte[] buffer = new byte[32 * 1024];
            ByteBuffer entries = ByteBuffer.wrap(buffer).order(ByteOrder.nativeOrder());
            while (true) {
                int number = open.number();
                int end = (int)
                        check(() -> "getdents64", () -> C.syscall(abi.getdents64(), number, buffer, buffer.length));
                if (end == 0) {
                    return names;
                }
                for (int entry = 0; entry < end; entry += Short.toUnsignedInt(entries.getShort(entry + 16))) {
                    String name = name(buffer, entry + DIRENT_NAME);
                    if (!name.equals(".") && !name.equals("..")) {
                        names.add(name);
                        text += name.length();
                        if (names.size() == limit || text > mostText) {
                            return names;
                        }
                    }
                }
            }
        }
    }

    void fsync(Fd file) throws ErrnoException {
        int number = file.number();
        check(() -> "fsync(" + number + ")", () -> C.fsync(number));
    }

    private static String name(byte[] buffer, int from) {
        int end = from;
        while (buffer[end] != 0) {
            end++;
        }
        return CString.decode(buffer, from, end - from);
    }

    private static ByteBuffer statx(int at, byte[] name, String shown, int flags) throws ErrnoException {
        ByteBuffer stat = ByteBuffer.allocate(STATX_SIZE).order(ByteOrder.nativeOrder());
        check(() -> "statx(" + shown + ")", () -> C.statx(at, name, flags, STATX_BASIC_STATS, stat.array()));
        return stat;
    }

    /** The entry as a path, for calls that take no descriptor; the kernel follows the link to the directory only. */
    private static byte[] entry(Fd dir, String name) throws ErrnoException {
        component(name);
        return CString.encode("/proc/self/fd/" + dir.number() + "/" + name);
    }

    /** Refuses what would leave the directory, should a caller have let it through. */
    private static byte[] component(String name) throws ErrnoException {
        if (name.isEmpty() || name.equals("..") || name.indexOf('/') >= 0) {
            throw Errors.invalid("'" + name + "'", "one component of a path is wanted");
        }
        return CString.encode(name);
    }
}
