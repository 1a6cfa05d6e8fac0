package io.berth.engine.syscall;

import jnr.ffi.LibraryLoader;
import jnr.ffi.LibraryOption;
import jnr.ffi.Runtime;
import jnr.ffi.annotations.In;
import jnr.ffi.annotations.Out;
import org.jspecify.annotations.Nullable;

/** The C library, bound once. Strings are NUL-terminated bytes (see {@link CString}), {@code long} is a pointer or size. */
final class LibC {

    static final int AT_FDCWD = -100;

    static final Functions C = LibraryLoader.create(Functions.class)
            .option(LibraryOption.SaveError, true)
            .load("c");

    private static final Runtime RUNTIME = Runtime.getRuntime(C);

    private LibC() {}

    /** errno of the last call on this thread. */
    static int errno() {
        return RUNTIME.getLastError();
    }

    /** Public because jnr-ffi implements it from another class loader. Wrappers that glibc 2.31 has; the rest by number. */
    public interface Functions {

        int openat(int dir, @In byte[] path, int flags, int mode);

        int close(int fd);

        int mkdirat(int dir, @In byte[] name, int mode);

        int symlinkat(@In byte[] target, int dir, @In byte[] name);

        int linkat(int fromDir, @In byte[] from, int toDir, @In byte[] to, int flags);

        int unlinkat(int dir, @In byte[] name, int flags);

        int renameat2(int fromDir, @In byte[] from, int toDir, @In byte[] to, int flags);

        long readlinkat(int dir, @In byte[] name, @Out byte[] target, long size);

        int fchownat(int dir, @In byte[] name, int uid, int gid, int flags);

        int fchmodat(int dir, @In byte[] name, int mode, int flags);

        int fchmod(int fd, int mode);

        int fchown(int fd, int uid, int gid);

        int utimensat(int dir, @In byte[] name, @In long[] times, int flags);

        int lsetxattr(@In byte[] path, @In byte[] attribute, @In byte[] value, long size, int flags);

        long lgetxattr(@In byte[] path, @In byte[] attribute, @Out byte @Nullable [] value, long size);

        int statx(int dir, @In byte[] name, int flags, int mask, @Out byte[] buffer);

        int ioctl(int fd, long request, @In @Out byte[] argument);

        int statfs(@In byte[] path, @Out byte[] buffer);

        int fsync(int fd);

        int mount(@In byte[] source, @In byte[] target, @In byte[] type, long flags, @In byte @Nullable [] data);

        int umount2(@In byte[] target, int flags);

        int kill(int pid, int signal);

        int waitpid(int pid, @Out int[] status, int options);

        int pipe2(@Out int[] descriptors, int flags);

        int fcntl(int fd, int command, long argument);

        long read(int fd, long buffer, long size);

        long pread(int fd, long buffer, long size, long offset);

        long write(int fd, long buffer, long size);

        long send(int fd, long buffer, long size, int flags);

        int socket(int domain, int type, int protocol);

        int connect(int socket, @In byte[] address, int size);

        int shutdown(int socket, int how);

        int setns(int namespace, int type);

        int unshare(int flags);

        int epoll_create1(int flags);

        int epoll_ctl(int epoll, int op, int fd, long event);

        int epoll_wait(int epoll, long events, int capacity, int timeoutMillis);

        int ppoll(long descriptors, long count, long timeout, long signals);

        int eventfd(int initial, int flags);

        long syscall(long number, long a, long b, long c, long d);

        /** With six integers alone, jnr-ffi loses the last. */
        long syscall(long number, long a, long b, @In byte @Nullable [] c, @In byte @Nullable [] d, long e);

        long syscall(long number, @In byte[] a, long b);

        long syscall(long number, long a, @In byte[] b, long c, @In byte[] d, long e);

        long syscall(long number, long a, @In byte[] b, @In byte[] c, long d);

        long syscall(long number, long a, @In byte[] b, long c, long d);

        long syscall(long number, long a, @Out byte[] b, long c);

        int posix_spawn(@Out int[] pid, @In byte[] path, long actions, long attributes, long argv, long environment);

        int posix_spawn_file_actions_init(long actions);

        int posix_spawn_file_actions_destroy(long actions);

        int posix_spawn_file_actions_adddup2(long actions, int fd, int newFd);

        int posix_spawn_file_actions_addclose(long actions, int fd);

        int posix_spawn_file_actions_addopen(long actions, int fd, @In byte[] path, int flags, int mode);

        int posix_spawn_file_actions_addchdir_np(long actions, @In byte[] directory);

        /** Since glibc 2.34. */
        int posix_spawn_file_actions_addclosefrom_np(long actions, int from);

        int posix_spawnattr_init(long attributes);

        int posix_spawnattr_destroy(long attributes);

        int posix_spawnattr_setflags(long attributes, short flags);

        int posix_spawnattr_setsigmask(long attributes, long set);

        int posix_spawnattr_setsigdefault(long attributes, long set);

        int sigemptyset(long set);

        int sigfillset(long set);
    }
}
