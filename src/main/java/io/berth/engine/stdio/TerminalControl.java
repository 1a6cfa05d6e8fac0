package io.berth.engine.stdio;

import io.berth.engine.TerminalSize;
import io.berth.engine.syscall.ErrnoException;
import io.berth.engine.syscall.Fd;
import io.berth.engine.syscall.Flags;
import io.berth.engine.syscall.Syscalls;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Executor;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Sets the size of a terminal through conmon's {@code ctl} FIFO. Sizes that follow each other closely are thinned out to
 * the last, as conmon 2.1.6 mistakes the second of two lines read together for the first. Thread-safe.
 */
public final class TerminalControl {

    private static final Logger LOG = Logger.getLogger(TerminalControl.class);
    /** Longer than conmon needs to pass a size on, unless it is held up by a reader. */
    private static final Duration SPACING = Duration.ofMillis(50);

    private final Syscalls syscalls;
    private final Path fifo;
    private final Executor later;
    private boolean resting;
    private @Nullable TerminalSize wanted;

    private TerminalControl(Syscalls syscalls, Path fifo, Executor later) {
        this.syscalls = syscalls;
        this.fifo = fifo;
        this.later = later;
    }

    /** Of the terminal that the conmon of this bundle has. */
    public static TerminalControl of(Syscalls syscalls, EventLoop loop, Path bundle) {
        return new TerminalControl(syscalls, bundle.resolve("ctl"), task -> loop.schedule(SPACING, task));
    }

    /** Never blocks. Nothing happens when conmon has ended, or is held up for so long that the FIFO is full. */
    public synchronized void resize(TerminalSize size) {
        wanted = size;
        if (!resting) {
            sendWanted();
        }
    }

    private synchronized void rested() {
        resting = false;
        sendWanted();
    }

    private void sendWanted() {
        TerminalSize size = wanted;
        if (size != null) {
            wanted = null;
            send(size);
            resting = true;
            later.execute(this::rested);
        }
    }

    private void send(TerminalSize size) {
        byte[] line = ("1 " + size.rows() + " " + size.columns() + "\n").getBytes(StandardCharsets.US_ASCII);
        // shorter than PIPE_BUF: all of it is written, or nothing
        ByteBuffer direct = ByteBuffer.allocateDirect(line.length).put(line).flip();
        try (Fd control = syscalls.open(fifo, Flags.O_WRONLY | Flags.O_NONBLOCK, 0)) {
            syscalls.write(control, direct);
        } catch (ErrnoException e) {
            // no reader, or no FIFO: conmon has ended
            LOG.debugf("No resize to %dx%d: %s", size.columns(), size.rows(), e.getMessage());
        }
    }
}
