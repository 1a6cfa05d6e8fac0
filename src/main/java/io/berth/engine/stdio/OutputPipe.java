package io.berth.engine.stdio;

import io.berth.engine.OutputStreamKind;
import io.berth.engine.syscall.ErrnoException;
import io.berth.engine.syscall.Fd;
import io.berth.engine.syscall.Flags;
import io.berth.engine.syscall.Syscalls;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.jboss.logging.Logger;

/** The pipe that a process writes one of its output streams to. On the event loop only. */
final class OutputPipe {

    /** How long a discarded stream is left alone after it was emptied: time for its pipe to fill. */
    private static final int REST_MILLIS = 10;
    /** The same for a stream of which {@link #FLOOD_BYTES} were thrown away. */
    private static final int FLOOD_REST_MILLIS = 40;

    private static final long FLOOD_BYTES = 64L << 20;

    private static final Logger LOG = Logger.getLogger(OutputPipe.class);

    private final EventLoop loop;
    private final Syscalls syscalls;
    private final OutputStreamKind kind;
    private final Fd fd;
    private final int capacity;
    private final Reader reader;

    private boolean registered;
    private boolean open = true;
    private boolean discarded;
    private boolean resting;
    private long taken;
    private long dropped;

    /** Who gets what comes. */
    interface Reader {
        /** Whether it takes any now; a change is told by {@link #updateInterest}. */
        boolean isReading();

        /** @param bytes until this returns */
        void read(OutputStreamKind kind, ByteBuffer bytes);

        /** There will be no more, and the pipe is closed. */
        void end();
    }

    /** @param capacity bytes that the pipe holds at most */
    OutputPipe(EventLoop loop, Syscalls syscalls, OutputStreamKind kind, Fd fd, int capacity, Reader reader) {
        this.loop = loop;
        this.syscalls = syscalls;
        this.kind = kind;
        this.fd = fd;
        this.capacity = capacity;
        this.reader = reader;
    }

    boolean isOpen() {
        return open;
    }

    /** From now on what comes is thrown away. */
    void discard() {
        discarded = true;
    }

    void updateInterest() {
        boolean wanted = open && reader.isReading() && !resting;
        if (wanted && !registered) {
            registered = true;
            loop.register(fd, Flags.EPOLLIN, events -> {
                if (discarded) {
                    rest();
                } else {
                    readOnce();
                }
            });
        } else if (!wanted && registered) {
            registered = false;
            loop.unregister(fd);
        }
    }

    /** Lets a discarded stream gather before it is emptied: to wake up for each piece would cost more than the pieces do. */
    private void rest() {
        resting = true;
        updateInterest();
        int millis = dropped < FLOOD_BYTES ? REST_MILLIS : FLOOD_REST_MILLIS;
        loop.schedule(Duration.ofMillis(millis), () -> {
            resting = false;
            drop();
            updateInterest();
        });
    }

    /** Of a discarded stream, throws away what is there now. */
    void dropIfDiscarded() {
        if (discarded) {
            drop();
        }
    }

    private void drop() {
        for (int left = capacity; open && left >= 0; ) {
            ByteBuffer buffer = loop.readBuffer();
            if (!fill(buffer)) {
                return;
            }
            left -= buffer.position();
            dropped += buffer.position();
        }
    }

    /** Reads what is there now, at most a pipe full. @return whether there was anything */
    boolean drain() {
        long before = taken;
        if (open && discarded) {
            drop();
        } else if (open) {
            readOnce();
        }
        return taken != before;
    }

    private void readOnce() {
        ByteBuffer buffer = loop.readBuffer();
        if (fill(buffer)) {
            reader.read(kind, buffer.flip());
        }
    }

    /** Reads once. At the end of the stream, which is then closed, and when there is nothing now, the answer is false. */
    private boolean fill(ByteBuffer buffer) {
        int count;
        try {
            count = syscalls.read(fd, buffer);
        } catch (ErrnoException e) {
            LOG.warnf(e, "the %s of a process cannot be read", kind);
            count = -1;
        }
        if (count > 0) {
            taken += count;
        } else if (count < 0 && count != Syscalls.WOULD_BLOCK) {
            close();
            reader.end();
        }
        return count > 0;
    }

    /** Closes it without telling the reader. Repeatable. */
    void close() {
        if (open) {
            open = false;
            updateInterest();
            fd.close();
        }
    }
}
