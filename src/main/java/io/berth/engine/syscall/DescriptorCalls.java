package io.berth.engine.syscall;

import static io.berth.engine.syscall.Errors.check;
import static io.berth.engine.syscall.LibC.C;

import com.kenai.jffi.MemoryIO;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** Calls on descriptors: pipes, sockets, epoll. Reading, writing and waiting allocate nothing. */
final class DescriptorCalls {

    private static final int F_GETFL = 3;
    private static final int F_SETFL = 4;
    private static final int F_SETPIPE_SZ = 1031;
    private static final int MSG_NOSIGNAL = 0x4000;
    private static final int AF_UNIX = 1;
    /** Non-blocking, so that connecting does not wait for a server that accepts nothing. */
    private static final int PACKET_SOCKET = 5 /* SOCK_SEQPACKET */ | Flags.O_CLOEXEC | Flags.O_NONBLOCK;

    private static final int SUN_PATH_SIZE = 108;
    private static final int AF_NETLINK = 16;
    private static final int ROUTE_SOCKET = 3 /* SOCK_RAW */ | Flags.O_CLOEXEC | Flags.O_NONBLOCK;
    private static final int NETLINK_ROUTE = 0;
    private static final int CLONE_NEWNET = 0x40000000;
    private static final int EFD_NONBLOCK = 04000;
    private static final int MOST_EVENTS = 256;
    private static final short POLLIN = 1;
    private static final long MILLISECOND = 1_000_000;

    private static final MemoryIO MEMORY = MemoryIO.getInstance();

    private final Abi abi;
    private final ThreadLocal<ByteBuffer> events;

    DescriptorCalls(Abi abi) {
        this.abi = abi;
        this.events = ThreadLocal.withInitial(() ->
                ByteBuffer.allocateDirect(MOST_EVENTS * abi.epollEventSize()).order(ByteOrder.nativeOrder()));
    }

    Fd[] pipe() throws ErrnoException {
        int[] ends = new int[2];
        check(() -> "pipe2", () -> C.pipe2(ends, Flags.O_CLOEXEC));
        return new Fd[] {new OwnedFd(ends[0]), new OwnedFd(ends[1])};
    }

    void setNonBlocking(Fd fd, boolean nonBlocking) throws ErrnoException {
        int number = fd.number();
        long flags = check(() -> "fcntl(" + number + ", F_GETFL)", () -> C.fcntl(number, F_GETFL, 0));
        long wanted = nonBlocking ? flags | Flags.O_NONBLOCK : flags & ~(long) Flags.O_NONBLOCK;
        check(() -> "fcntl(" + number + ", F_SETFL)", () -> C.fcntl(number, F_SETFL, wanted));
    }

    /** Above {@code pipe-max-size}, or the user's total, the pipe stays as it is: slower, but as good. */
    void setPipeSize(Fd pipe, int bytes) throws ErrnoException {
        int number = pipe.number();
        if (C.fcntl(number, F_SETPIPE_SZ, bytes) < 0) {
            int errno = LibC.errno();
            if (errno != Errors.EPERM && errno != Errors.ENOMEM) {
                throw Errors.exception("fcntl(" + number + ", F_SETPIPE_SZ, " + bytes + ")", errno);
            }
        }
    }

    int read(Fd fd, ByteBuffer direct) throws ErrnoException {
        int number = fd.number();
        int size = direct.remaining();
        if (size == 0) {
            throw Errors.invalid("read(" + number + ")", "the buffer is full");
        }
        long address = address(direct);
        while (true) {
            long count = C.read(number, address, size);
            if (count > 0) {
                direct.position(direct.position() + (int) count);
                return (int) count;
            }
            if (count == 0) {
                return -1;
            }
            int errno = LibC.errno();
            if (errno == Errors.EAGAIN) {
                return Syscalls.WOULD_BLOCK;
            }
            if (errno != Errors.EINTR) {
                throw Errors.exception("read(" + number + ")", errno);
            }
        }
    }

    int pread(Fd file, ByteBuffer direct, long offset) throws ErrnoException {
        int number = file.number();
        int size = direct.remaining();
        long address = address(direct);
        int count = (int) check(() -> "pread(" + number + ")", () -> C.pread(number, address, size, offset));
        direct.position(direct.position() + count);
        return count == 0 && size > 0 ? -1 : count;
    }

    int write(Fd fd, ByteBuffer direct) throws ErrnoException {
        int number = fd.number();
        int size = direct.remaining();
        long address = address(direct);
        // for anything but a socket the JVM's own handler swallows SIGPIPE
        boolean socket = fd instanceof OwnedFd owned && owned.isSocket();
        while (true) {
            long count = socket ? C.send(number, address, size, MSG_NOSIGNAL) : C.write(number, address, size);
            if (count >= 0) {
                direct.position(direct.position() + (int) count);
                return (int) count;
            }
            int errno = LibC.errno();
            if (errno == Errors.EAGAIN) {
                return Syscalls.WOULD_BLOCK;
            }
            if (errno != Errors.EINTR) {
                throw Errors.exception("write(" + number + ")", errno);
            }
        }
    }

    Fd connectSeqpacket(Path path, FileCalls files) throws ErrnoException {
        byte[] name = CString.encode(path.toString());
        if (name.length > SUN_PATH_SIZE) {
            try (Fd target = files.open(path, Flags.O_PATH, 0)) {
                return connect(CString.encode("/proc/self/fd/" + target.number()), path);
            }
        }
        return connect(name, path);
    }

    private static Fd connect(byte[] name, Path shown) throws ErrnoException {
        ByteBuffer address = ByteBuffer.allocate(2 + SUN_PATH_SIZE).order(ByteOrder.nativeOrder());
        address.putShort((short) AF_UNIX).put(name);
        OwnedFd socket = new OwnedFd(check(() -> "socket(AF_UNIX)", () -> C.socket(AF_UNIX, PACKET_SOCKET, 0)), true);
        try {
            int number = socket.number();
            check(() -> "connect(" + shown + ")", () -> C.connect(number, address.array(), Short.BYTES + name.length));
            return socket;
        } catch (ErrnoException e) {
            socket.close();
            throw e;
        }
    }

    void inNetworkNamespace(Path namespace, Syscalls.Work work, FileCalls files) throws IOException {
        try (Fd target = files.open(namespace, Flags.O_RDONLY, 0)) {
            int number = target.number();
            CompletableFuture<@Nullable Void> done = new CompletableFuture<>();
            // it stays in that namespace, where no other work must ever run: it ends
            new Thread(
                            () -> {
                                try {
                                    check(() -> "setns(" + namespace + ")", () -> C.setns(number, CLONE_NEWNET));
                                    work.run();
                                    done.complete(null);
                                } catch (IOException | RuntimeException | Error e) {
                                    done.completeExceptionally(e);
                                }
                            },
                            "berth-netns")
                    .start();
            done.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof IOException failed) {
                throw failed;
            }
            throw e;
        }
    }

    Fd routeSocket() throws ErrnoException {
        return new OwnedFd(
                check(() -> "socket(AF_NETLINK)", () -> C.socket(AF_NETLINK, ROUTE_SOCKET, NETLINK_ROUTE)), true);
    }

    void shutdown(Fd socket, int how) throws ErrnoException {
        int number = socket.number();
        check(() -> "shutdown(" + number + ")", () -> C.shutdown(number, how));
    }

    Fd epollCreate() throws ErrnoException {
        return new OwnedFd(check(() -> "epoll_create1", () -> C.epoll_create1(Flags.O_CLOEXEC)));
    }

    void epollControl(Fd epoll, int op, Fd fd, int interest, long token) throws ErrnoException {
        int set = epoll.number();
        int number = fd.number();
        ByteBuffer event = scratch();
        event.putInt(0, interest).putLong(abi.epollDataOffset(), token);
        long address = MEMORY.getDirectBufferAddress(event);
        check(() -> "epoll_ctl(" + number + ")", () -> C.epoll_ctl(set, op, number, address));
    }

    /** Less than a millisecond is left to ppoll(2), as epoll_pwait2(2) is younger than some C libraries. */
    int epollWait(Fd epoll, long[] tokens, int[] ready, long timeoutNanos) throws ErrnoException {
        int set = epoll.number();
        int capacity = Math.min(MOST_EVENTS, Math.min(tokens.length, ready.length));
        ByteBuffer buffer = scratch();
        long address = MEMORY.getDirectBufferAddress(buffer);
        long deadline = timeoutNanos > 0 ? System.nanoTime() + timeoutNanos : 0;
        long left = timeoutNanos;
        while (true) {
            if (left > 0 && left < MILLISECOND) {
                awaitBriefly(set, buffer, left);
                left = 0;
            }
            long millis = left < 0 ? -1 : Math.min((left + MILLISECOND - 1) / MILLISECOND, Integer.MAX_VALUE);
            int count = C.epoll_wait(set, address, capacity, (int) millis);
            if (count >= 0) {
                for (int i = 0; i < count; i++) {
                    int event = i * abi.epollEventSize();
                    ready[i] = buffer.getInt(event);
                    tokens[i] = buffer.getLong(event + abi.epollDataOffset());
                }
                return count;
            }
            int errno = LibC.errno();
            if (errno != Errors.EINTR) {
                throw Errors.exception("epoll_wait", errno);
            }
            if (left > 0) {
                left = Math.max(0, deadline - System.nanoTime());
            }
        }
    }

    /** Until the descriptor can be read, the time is over, or a signal has come. */
    private static void awaitBriefly(int number, ByteBuffer scratch, long nanos) {
        scratch.putInt(0, number).putShort(4, POLLIN).putShort(6, (short) 0);
        scratch.putLong(Long.BYTES, 0).putLong(2 * Long.BYTES, nanos);
        long address = MEMORY.getDirectBufferAddress(scratch);
        int unused = C.ppoll(address, 1, address + Long.BYTES, 0);
    }

    Fd eventfd() throws ErrnoException {
        return new OwnedFd(check(() -> "eventfd", () -> C.eventfd(0, Flags.O_CLOEXEC | EFD_NONBLOCK)));
    }

    private ByteBuffer scratch() {
        return events.get();
    }

    private static long address(ByteBuffer direct) {
        if (!direct.isDirect()) {
            throw new IllegalArgumentException("a direct buffer is wanted");
        }
        return MEMORY.getDirectBufferAddress(direct) + direct.position();
    }
}
