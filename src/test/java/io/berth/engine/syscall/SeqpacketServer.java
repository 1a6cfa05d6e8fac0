package io.berth.engine.syscall;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import jnr.ffi.LibraryLoader;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;
import org.jspecify.annotations.Nullable;

/** A listening {@code SOCK_SEQPACKET} unix socket, as conmon has one. */
public final class SeqpacketServer implements AutoCloseable {

    /** What libc has for it. */
    public interface LibC {
        int socket(int domain, int type, int protocol);

        int bind(int fd, byte[] address, int length);

        int listen(int fd, int backlog);

        int accept4(int fd, @Nullable Pointer address, @Nullable Pointer length, int flags);

        long send(int fd, byte[] bytes, long length, int flags);

        long recv(int fd, byte[] bytes, long length, int flags);

        int close(int fd);
    }

    private static final int AF_UNIX = 1;
    private static final int SOCK_SEQPACKET = 5;
    private static final int SOCK_NONBLOCK = 04000;
    private static final int SOCK_CLOEXEC = 02000000;
    private static final int MSG_DONTWAIT = 0x40;
    private static final int MSG_NOSIGNAL = 0x4000;
    private static final LibC C = LibraryLoader.create(LibC.class).load("c");

    private final int fd;

    public SeqpacketServer(Path path) throws IOException {
        fd = C.socket(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
        byte[] name = path.toString().getBytes(StandardCharsets.UTF_8);
        byte[] address = new byte[2 + name.length + 1];
        address[0] = AF_UNIX;
        System.arraycopy(name, 0, address, 2, name.length);
        if (fd < 0 || C.bind(fd, address, address.length) != 0 || C.listen(fd, 10) != 0) {
            throw new IOException("no socket at " + path + ": errno "
                    + Runtime.getSystemRuntime().getLastError());
        }
    }

    /** One accepted connection. */
    public static final class Connection implements AutoCloseable {
        private final int fd;
        private boolean closed;

        private Connection(int fd) {
            this.fd = fd;
        }

        /** Blocks while the other side's buffer is full; false if the other side is gone. */
        public boolean send(byte[] message) {
            return C.send(fd, message, message.length, MSG_NOSIGNAL) == message.length;
        }

        /** The next message, empty at the end of the input; {@code null} if there is none now. */
        public byte @Nullable [] receive() {
            byte[] buffer = new byte[1 << 17];
            long count = C.recv(fd, buffer, buffer.length, MSG_DONTWAIT);
            return count < 0 ? null : Arrays.copyOf(buffer, (int) count);
        }

        @Override
        public void close() {
            if (!closed) {
                closed = true;
                C.close(fd);
            }
        }
    }

    /** The next connection, or {@code null}. */
    public @Nullable Connection accept() {
        int accepted = C.accept4(fd, null, null, SOCK_CLOEXEC);
        return accepted < 0 ? null : new Connection(accepted);
    }

    @Override
    public void close() {
        C.close(fd);
    }
}
