package io.berth.engine.stdio;

import io.berth.engine.syscall.ErrnoException;
import io.berth.engine.syscall.Fd;
import io.berth.engine.syscall.Flags;
import io.berth.engine.syscall.Syscalls;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The pipe that a process reads its standard input from, if it has one. On the event loop only. */
final class StdinPipe {

    private static final String CLOSED = "the standard input is closed";

    private final EventLoop loop;
    private final @Nullable Fd fd;
    private final PipeInput waiting;

    private boolean open;
    private boolean registered;

    StdinPipe(EventLoop loop, Syscalls syscalls, @Nullable Fd fd) {
        this.loop = loop;
        this.fd = fd;
        this.open = fd != null;
        this.waiting = new PipeInput(syscalls, loop);
    }

    /** @param bytes kept until they are written */
    void write(ByteBuffer bytes, CompletableFuture<Void> written) {
        if (open) {
            waiting.add(bytes, written);
            flush();
        } else {
            written.completeExceptionally(new IOException(CLOSED));
        }
    }

    /** Closes it after what waits. */
    void end() {
        waiting.end();
        flush();
    }

    private void flush() {
        if (fd == null || !open) {
            return;
        }
        try {
            waiting.writeTo(fd);
        } catch (ErrnoException e) {
            close(e);
            return;
        }
        if (waiting.isDone()) {
            close(new IOException(CLOSED));
        } else if (waiting.isEmpty() == registered) {
            registered = !waiting.isEmpty();
            if (registered) {
                loop.register(fd, Flags.EPOLLOUT, events -> flush());
            } else {
                loop.unregister(fd);
            }
        }
    }

    /** @param cause what those are told whose bytes wait */
    void close(Throwable cause) {
        if (fd != null && open) {
            open = false;
            if (registered) {
                loop.unregister(fd);
            }
            fd.close();
        }
        waiting.fail(cause);
    }
}
