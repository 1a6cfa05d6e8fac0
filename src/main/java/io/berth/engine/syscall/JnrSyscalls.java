package io.berth.engine.syscall;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The system calls of this machine's kernel, through the C library. Making the first one loads the native library,
 * which takes up to a second: do it at start.
 */
public final class JnrSyscalls implements Syscalls {

    private final FileCalls files = new FileCalls(Abi.HOST);
    private final MountCalls mounts = new MountCalls();
    private final ProcessCalls processes = new ProcessCalls();
    private final PosixSpawn spawner = new PosixSpawn();
    private final DescriptorCalls descriptors = new DescriptorCalls(Abi.HOST);

    @Override
    public Fd open(Path path, int flags, int mode) throws ErrnoException {
        return files.open(path, flags, mode);
    }

    @Override
    public Fd openat2(Fd dir, String path, int flags, int mode, long resolve) throws ErrnoException {
        return files.openat2(dir, path, flags, mode, resolve);
    }

    @Override
    public void mkdirat(Fd dir, String name, int mode) throws ErrnoException {
        files.mkdirat(dir, name, mode);
    }

    @Override
    public void mknodat(Fd dir, String name, int mode, int major, int minor) throws ErrnoException {
        files.mknodat(dir, name, mode, major, minor);
    }

    @Override
    public void symlinkat(String target, Fd dir, String name) throws ErrnoException {
        files.symlinkat(target, dir, name);
    }

    @Override
    public void linkat(Fd fromDir, String from, Fd toDir, String to) throws ErrnoException {
        files.linkat(fromDir, from, toDir, to);
    }

    @Override
    public void unlinkat(Fd dir, String name, int flags) throws ErrnoException {
        files.unlinkat(dir, name, flags);
    }

    @Override
    public void renameat2(Fd fromDir, String from, Fd toDir, String to, int flags) throws ErrnoException {
        files.renameat2(fromDir, from, toDir, to, flags);
    }

    @Override
    public String readlinkat(Fd dir, String name) throws ErrnoException {
        return files.readlinkat(dir, name);
    }

    @Override
    public void fchownat(Fd dir, String name, int uid, int gid) throws ErrnoException {
        files.fchownat(dir, name, uid, gid);
    }

    @Override
    public void fchmodat(Fd dir, String name, int mode) throws ErrnoException {
        files.fchmodat(dir, name, mode);
    }

    @Override
    public void fchmod(Fd file, int mode) throws ErrnoException {
        files.fchmod(file, mode);
    }

    @Override
    public void fchown(Fd file, int uid, int gid) throws ErrnoException {
        files.fchown(file, uid, gid);
    }

    @Override
    public void utimensat(Fd dir, String name, long seconds, int nanos) throws ErrnoException {
        files.utimensat(dir, name, seconds, nanos);
    }

    @Override
    public void setxattrat(Fd dir, String name, String attribute, byte[] value) throws ErrnoException {
        files.setxattrat(dir, name, attribute, value);
    }

    @Override
    public byte @Nullable [] getxattrat(Fd dir, String name, String attribute) throws ErrnoException {
        return files.getxattrat(dir, name, attribute);
    }

    @Override
    public FileStat fstatat(Fd dir, String name) throws ErrnoException {
        return files.fstatat(dir, name);
    }

    @Override
    public List<String> list(Fd dir, int limit, long mostText) throws ErrnoException {
        return files.list(dir, limit, mostText);
    }

    @Override
    public void fsync(Fd file) throws ErrnoException {
        files.fsync(file);
    }

    @Override
    public void mount(String source, Path target, String type, long flags, @Nullable String data)
            throws ErrnoException {
        mounts.mount(source, target, type, flags, data);
    }

    @Override
    public void umount(Path target, int flags) throws ErrnoException {
        mounts.umount(target, flags);
    }

    @Override
    public void mountIdmapped(Path source, Path target, Fd userNamespace, boolean readOnly) throws ErrnoException {
        mounts.mountIdmapped(source, target, userNamespace, readOnly);
    }

    @Override
    public void mountReadOnly(Path source, Path target) throws ErrnoException {
        mounts.mountReadOnly(source, target);
    }

    @Override
    public int spawn(
            List<String> command, Map<String, String> environment, Path directory, Map<Integer, Fd> descriptors)
            throws ErrnoException {
        return spawner.spawn(command, environment, directory, descriptors);
    }

    @Override
    public int waitpid(int pid) throws ErrnoException {
        return processes.waitpid(pid);
    }

    @Override
    public void kill(int pid, int signal) throws ErrnoException {
        processes.kill(pid, signal);
    }

    @Override
    public Fd pidfdOpen(int pid) throws ErrnoException {
        return processes.pidfdOpen(pid);
    }

    @Override
    public void pidfdSendSignal(Fd pidfd, int signal) throws ErrnoException {
        processes.pidfdSendSignal(pidfd, signal);
    }

    @Override
    public Fd[] pipe() throws ErrnoException {
        return descriptors.pipe();
    }

    @Override
    public void setNonBlocking(Fd fd, boolean nonBlocking) throws ErrnoException {
        descriptors.setNonBlocking(fd, nonBlocking);
    }

    @Override
    public void setPipeSize(Fd pipe, int bytes) throws ErrnoException {
        descriptors.setPipeSize(pipe, bytes);
    }

    @Override
    public int read(Fd fd, ByteBuffer direct) throws ErrnoException {
        return descriptors.read(fd, direct);
    }

    @Override
    public int pread(Fd file, ByteBuffer direct, long offset) throws ErrnoException {
        return descriptors.pread(file, direct, offset);
    }

    @Override
    public int write(Fd fd, ByteBuffer direct) throws ErrnoException {
        return descriptors.write(fd, direct);
    }

    @Override
    public Fd connectSeqpacket(Path path) throws ErrnoException {
        return descriptors.connectSeqpacket(path, files);
    }

    @Override
    public void enterMountNamespace(Path namespace) throws ErrnoException {
        mounts.enterNamespace(namespace, files);
    }

    @Override
    public Fd routeSocket() throws ErrnoException {
        return descriptors.routeSocket();
    }

    @Override
    public void inNetworkNamespace(Path namespace, Work work) throws IOException {
        descriptors.inNetworkNamespace(namespace, work, files);
    }

    @Override
    public Fd procFileSystem() throws ErrnoException {
        return mounts.procFileSystem();
    }

    @Override
    public void shutdown(Fd socket, int how) throws ErrnoException {
        descriptors.shutdown(socket, how);
    }

    @Override
    public Fd epollCreate() throws ErrnoException {
        return descriptors.epollCreate();
    }

    @Override
    public void epollControl(Fd epoll, int op, Fd fd, int events, long token) throws ErrnoException {
        descriptors.epollControl(epoll, op, fd, events, token);
    }

    @Override
    public int epollWait(Fd epoll, long[] tokens, int[] events, long timeoutNanos) throws ErrnoException {
        return descriptors.epollWait(epoll, tokens, events, timeoutNanos);
    }

    @Override
    public Fd eventfd() throws ErrnoException {
        return descriptors.eventfd();
    }

    @Override
    public void addInodeFlags(Path path, int flags) throws ErrnoException {
        files.addInodeFlags(path, flags);
    }

    @Override
    public long filesystemType(Path path) throws ErrnoException {
        return files.filesystemType(path);
    }

    @Override
    public String deviceOf(Path path) throws ErrnoException {
        return files.deviceOf(path);
    }
}
