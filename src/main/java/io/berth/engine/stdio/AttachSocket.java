package io.berth.engine.stdio;

import io.berth.engine.syscall.ErrnoException;
import io.berth.engine.syscall.Fd;
import io.berth.engine.syscall.Flags;
import io.berth.engine.syscall.Syscalls;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A connection to conmon's attach socket: one message per chunk of output, its first byte naming the stream; and one per
 * chunk of input. Used on the event loop only, but for connecting.
 */
final class AttachSocket implements AutoCloseable {

    static final int END = -1;

    private final Syscalls syscalls;
    private final Fd fd;
    private boolean closed;
    private long received;

    private AttachSocket(Syscalls syscalls, Fd fd) {
        this.syscalls = syscalls;
        this.fd = fd;
    }

    /** Empty if conmon has ended; {@code EAGAIN} if it accepts nothing, as a reader keeps it waiting. Never blocks. */
    static Optional<AttachSocket> connect(Syscalls syscalls, Path path) throws ErrnoException {
        try {
            return Optional.of(new AttachSocket(syscalls, syscalls.connectSeqpacket(path)));
        } catch (ErrnoException e) {
            if (e.is("ECONNREFUSED") || e.is("ENOENT")) {
                return Optional.empty();
            }
            throw e;
        }
    }

    Fd fd() {
        return fd;
    }

    /**
     * Reads one message to a place in a direct buffer. What does not fit is dropped. One that was closed is at its end:
     * conmon may go before anybody listens.
     *
     * @return its length, {@link #END}, or {@link Syscalls#WOULD_BLOCK}
     */
    int read(ByteBuffer direct, int at, int room) throws ErrnoException {
        if (closed) {
            return END;
        }
        direct.limit(at + room).position(at);
        try {
            int count = syscalls.read(fd, direct);
            received += Math.max(0, count - 1);
            // conmon sends no empty messages
            return count == 0 ? END : count;
        } catch (ErrnoException e) {
            if (e.is("ECONNRESET") || e.is("EPIPE")) {
                return END;
            }
            throw e;
        }
    }

    /** Bytes of output in all messages that were read so far, as far as they were given room. */
    long received() {
        return received;
    }

    /** Sends one message; false if the socket is full. */
    boolean write(ByteBuffer direct) throws ErrnoException {
        return syscalls.write(fd, direct) != Syscalls.WOULD_BLOCK;
    }

    void endInput() throws ErrnoException {
        syscalls.shutdown(fd, Flags.SHUT_WR);
    }

    boolean isClosed() {
        return closed;
    }

    @Override
    public void close() {
        closed = true;
        fd.close();
    }
}
