package io.berth.engine.syscall;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The system calls Berth needs that Java does not offer. Thread-safe; each method blocks as its call does. Failures are
 * {@link ErrnoException}. Paths relative to a directory descriptor are resolved by the kernel.
 *
 * <p>Names that are not UTF-8 survive a round trip: each such byte is a lone surrogate in the {@code String}. Modes of
 * new files are subject to the process's umask; {@link #fchmod} sets them exactly. Flag arguments are named in
 * {@link Flags}. A call that a signal interrupted is repeated.
 */
public interface Syscalls extends Spawner {

    // ---- files; dir is a directory descriptor, name a single component unless said otherwise

    /** Opens an absolute path. See open(2); {@code O_CLOEXEC} is added. */
    Fd open(Path path, int flags, int mode) throws ErrnoException;

    /** Opens {@code path} (any depth) beneath {@code dir}. See openat2(2); {@code resolve} are {@code RESOLVE_*} flags. */
    Fd openat2(Fd dir, String path, int flags, int mode, long resolve) throws ErrnoException;

    void mkdirat(Fd dir, String name, int mode) throws ErrnoException;

    void mknodat(Fd dir, String name, int mode, int major, int minor) throws ErrnoException;

    void symlinkat(String target, Fd dir, String name) throws ErrnoException;

    /** See linkat(2); both names are single components. */
    void linkat(Fd fromDir, String from, Fd toDir, String to) throws ErrnoException;

    /** See unlinkat(2); {@code flags} may be {@code AT_REMOVEDIR}. */
    void unlinkat(Fd dir, String name, int flags) throws ErrnoException;

    void renameat2(Fd fromDir, String from, Fd toDir, String to, int flags) throws ErrnoException;

    String readlinkat(Fd dir, String name) throws ErrnoException;

    /** Owner of the entry itself, a symbolic link included ({@code AT_SYMLINK_NOFOLLOW}). */
    void fchownat(Fd dir, String name, int uid, int gid) throws ErrnoException;

    /** Follows a final symbolic link: never call it on one. */
    void fchmodat(Fd dir, String name, int mode) throws ErrnoException;

    void fchmod(Fd file, int mode) throws ErrnoException;

    void fchown(Fd file, int uid, int gid) throws ErrnoException;

    /** Access and modification time of the entry itself. See utimensat(2). */
    void utimensat(Fd dir, String name, long seconds, int nanos) throws ErrnoException;

    /** Sets an extended attribute of the entry itself, without following links. See lsetxattr(2). */
    void setxattrat(Fd dir, String name, String attribute, byte[] value) throws ErrnoException;

    /** The attribute's value, or {@code null} if the entry has none. */
    byte @Nullable [] getxattrat(Fd dir, String name, String attribute) throws ErrnoException;

    /** Type, mode, owner, size of the entry itself ({@code AT_SYMLINK_NOFOLLOW}); an empty name means {@code dir}. */
    FileStat fstatat(Fd dir, String name) throws ErrnoException;

    /** Names in a directory, without {@code .} and {@code ..}; {@code dir} may be {@code O_PATH}. */
    default List<String> list(Fd dir) throws ErrnoException {
        return list(dir, Integer.MAX_VALUE);
    }

    /** The first {@code limit} names: a container may have filled its directory with millions. */
    default List<String> list(Fd dir, int limit) throws ErrnoException {
        return list(dir, limit, Long.MAX_VALUE);
    }

    /** Ends with the name that makes them have more than {@code mostText} characters, too: names may be long. */
    List<String> list(Fd dir, int limit, long mostText) throws ErrnoException;

    void fsync(Fd file) throws ErrnoException;

    // ---- mounts

    /** See mount(2). */
    void mount(String source, Path target, String type, long flags, @Nullable String data) throws ErrnoException;

    /** See umount2(2); {@code flags} may be {@code MNT_DETACH}. */
    void umount(Path target, int flags) throws ErrnoException;

    /**
     * Mounts {@code source} at {@code target}, with ids mapped through a user namespace: open_tree(2),
     * mount_setattr(2) with {@code MOUNT_ATTR_IDMAP}, move_mount(2).
     *
     * @param userNamespace an open {@code /proc/.../ns/user} or pinned namespace file
     */
    void mountIdmapped(Path source, Path target, Fd userNamespace, boolean readOnly) throws ErrnoException;

    /**
     * Mounts {@code source}, a file or a directory, read-only at {@code target}, without set-user-id programs and
     * devices. It is read-only from the first moment on, also where the mount propagates to: a mount that is made so
     * afterwards stays writable there. See open_tree(2), mount_setattr(2), move_mount(2).
     */
    void mountReadOnly(Path source, Path target) throws ErrnoException;

    /**
     * Moves the calling thread, and no other, to another mount namespace, where it stays: what it starts is in there,
     * and its paths lead there. Its working directory becomes the root. See setns(2).
     *
     * @param namespace one that is pinned, or a process's
     */
    void enterMountNamespace(Path namespace) throws ErrnoException;

    // ---- processes

    /** Blocks until the child ends. Returns 0-255, or 128 + n when signal n ended it. See waitpid(2). */
    int waitpid(int pid) throws ErrnoException;

    /** See kill(2). */
    void kill(int pid, int signal) throws ErrnoException;

    /** A descriptor that becomes readable when the process ends. See pidfd_open(2). */
    Fd pidfdOpen(int pid) throws ErrnoException;

    /** See pidfd_send_signal(2): never hits another process that got the same number. */
    void pidfdSendSignal(Fd pidfd, int signal) throws ErrnoException;

    // ---- descriptors

    /** A pipe: read end, write end. Not non-blocking. */
    Fd[] pipe() throws ErrnoException;

    void setNonBlocking(Fd fd, boolean nonBlocking) throws ErrnoException;

    /** Asks for a pipe's capacity in bytes; one that may not be had is passed over. See F_SETPIPE_SZ in fcntl(2). */
    void setPipeSize(Fd pipe, int bytes) throws ErrnoException;

    /** Reads into a direct buffer from its position. Returns -1 at the end, {@link #WOULD_BLOCK} if there is nothing. */
    int read(Fd fd, ByteBuffer direct) throws ErrnoException;

    /** Reads into a direct buffer from a place in the file, and leaves the file's position. Returns -1 at the end. See pread(2). */
    int pread(Fd file, ByteBuffer direct, long offset) throws ErrnoException;

    /** Writes from a direct buffer's position. Returns the count, or {@link #WOULD_BLOCK}. Never raises SIGPIPE. */
    int write(Fd fd, ByteBuffer direct) throws ErrnoException;

    int WOULD_BLOCK = -2;

    /**
     * Connects a {@code SOCK_SEQPACKET} unix socket, which does not block; the path may be longer than {@code sun_path}
     * holds. It is {@code EAGAIN} when as many connections as the server has room for wait to be accepted. See connect(2).
     */
    Fd connectSeqpacket(Path path) throws ErrnoException;

    /**
     * A socket of rtnetlink(7) that acts on the network namespace that the caller is in now. It does not block: what is
     * asked by one write is done, and answered, when the write returns.
     */
    Fd routeSocket() throws ErrnoException;

    /**
     * Runs what has to be done inside a network namespace, on a thread that ends with it, and waits for it.
     *
     * @param namespace such as {@code /proc/self/ns/net}, or a file it is pinned to
     */
    void inNetworkNamespace(Path namespace, Work work) throws IOException;

    /** What is done on a thread of its own. */
    @FunctionalInterface
    interface Work {
        void run() throws IOException;
    }

    /** The directory of a new proc file system that is mounted nowhere, and gone when it is closed. See fsopen(2). */
    Fd procFileSystem() throws ErrnoException;

    /** See shutdown(2). */
    void shutdown(Fd socket, int how) throws ErrnoException;

    Fd epollCreate() throws ErrnoException;

    /** See epoll_ctl(2): {@code op} is {@code EPOLL_CTL_*}; {@code token} comes back from {@link #epollWait}. */
    void epollControl(Fd epoll, int op, Fd fd, int events, long token) throws ErrnoException;

    /**
     * Waits for events. Fills {@code tokens} and {@code events} and returns how many; 0 after the timeout.
     *
     * @param timeoutNanos -1 waits for ever; from a millisecond on it is rounded up to whole ones
     */
    int epollWait(Fd epoll, long[] tokens, int[] events, long timeoutNanos) throws ErrnoException;

    /** A counter to wake an epoll by. See eventfd(2). */
    Fd eventfd() throws ErrnoException;

    /**
     * Sets flags of a file or directory beside those that it has. See ioctl_iflags(2); {@code flags} are {@code FS_*_FL}.
     */
    void addInodeFlags(Path path, int flags) throws ErrnoException;

    /** Magic number of the file system at the path. See statfs(2). */
    long filesystemType(Path path) throws ErrnoException;

    /** Device number of the path's file system, as {@code major:minor}. */
    String deviceOf(Path path) throws ErrnoException;
}
