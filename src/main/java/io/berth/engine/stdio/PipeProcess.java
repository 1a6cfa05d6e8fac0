package io.berth.engine.stdio;

import io.berth.engine.ExecProcess;
import io.berth.engine.Exit;
import io.berth.engine.OutputListener;
import io.berth.engine.OutputStreamKind;
import io.berth.engine.TerminalSize;
import io.berth.engine.syscall.ErrnoException;
import io.berth.engine.syscall.Fd;
import io.berth.engine.syscall.Flags;
import io.berth.engine.syscall.Syscalls;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.function.IntFunction;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * A child process on plain pipes, served by the event loop: no thread of its own, and nothing is read while nobody
 * listens or the listener is paused, so that the process blocks once the pipes are full.
 *
 * <p>When the process has ended but something it started still holds its pipes, the end of output is taken to be there
 * {@value #LINGER_MILLIS} ms later.
 */
public final class PipeProcess implements ExecProcess {

    private static final int LINGER_MILLIS = 200;
    private static final int PIPE_BYTES = 1 << 20;
    private static final int SIGKILL = 9;
    /** How long a discarded stream is left alone after it was emptied: time for its pipe to fill. */
    private static final int REST_MILLIS = 10;
    /** The same for a stream of which {@link #FLOOD_BYTES} were thrown away. */
    private static final int FLOOD_REST_MILLIS = 40;

    private static final long FLOOD_BYTES = 64L << 20;

    private static final Logger LOG = Logger.getLogger(PipeProcess.class);

    private static final OutputListener DEAF = new OutputListener() {
        @Override
        public void output(OutputStreamKind kind, long offset, ByteBuffer bytes) {}

        @Override
        public void lost(long nextOffset) {}

        @Override
        public void end() {}
    };

    private final EventLoop loop;
    private final Syscalls syscalls;
    private final int pid;
    private final IntFunction<Exit> exitOf;
    private final IntConsumer signaller;
    private final CompletableFuture<Exit> exit = new CompletableFuture<>();
    private final ReplayRing ring = new ReplayRing();
    private final @Nullable Fd stdin;
    private final Output stdout;
    private final Output stderr;
    private final PipeInput input;
    /** Held while the process's number is used or given up. The event loop does not wait for it. */
    private final Lock number = new ReentrantLock();
    /** Guarded by {@link #number}: it may be another process's from now on. */
    private boolean reaped;

    /** Set at once and not by a task: of a pause on the loop and a resume elsewhere, the later call must win. */
    private volatile boolean paused;

    // On the event loop only:
    private @Nullable OutputListener listener;
    private boolean stdinOpen;
    private boolean stdinRegistered;
    private boolean ended;
    private @Nullable Integer status;
    private long offset;

    private final class Output {
        final OutputStreamKind kind;
        final Fd fd;
        boolean registered;
        boolean open = true;
        boolean discarded;
        boolean resting;
        long dropped;

        Output(OutputStreamKind kind, Fd fd) {
            this.kind = kind;
            this.fd = fd;
        }
    }

    private PipeProcess(
            EventLoop loop,
            Syscalls syscalls,
            int pid,
            @Nullable Fd stdin,
            Fd stdout,
            Fd stderr,
            IntFunction<Exit> exitOf,
            IntConsumer signaller) {
        this.loop = loop;
        this.syscalls = syscalls;
        this.pid = pid;
        this.stdin = stdin;
        this.stdinOpen = stdin != null;
        this.stdout = new Output(OutputStreamKind.STDOUT, stdout);
        this.stderr = new Output(OutputStreamKind.STDERR, stderr);
        this.exitOf = exitOf;
        this.signaller = signaller;
        this.input = new PipeInput(syscalls, loop);
    }

    /**
     * Starts a process.
     *
     * @param stdin whether it gets a pipe for its standard input; {@code /dev/null} otherwise
     * @param exitOf makes an exit of what waitpid(2) told, on the event loop, so it must not block; it may throw, and
     *     then {@link #exit} fails
     * @param signaller carries out {@link #signal}
     * @throws ErrnoException if it cannot be started
     */
    public static PipeProcess start(
            EventLoop loop,
            Syscalls syscalls,
            List<String> command,
            Map<String, String> environment,
            boolean stdin,
            IntFunction<Exit> exitOf,
            IntConsumer signaller)
            throws ErrnoException {
        ChildPipes pipes = ChildPipes.open(syscalls, stdin, PIPE_BYTES);
        Fd child;
        int pid;
        try {
            pid = syscalls.spawn(command, environment, pipes.childEnds());
            pipes.closeChildEnds();
            child = watched(syscalls, pid);
        } catch (ErrnoException | RuntimeException e) {
            pipes.close();
            throw e;
        }
        PipeProcess process =
                new PipeProcess(loop, syscalls, pid, pipes.stdin(), pipes.stdout(), pipes.stderr(), exitOf, signaller);
        loop.run(() -> process.watch(child));
        return process;
    }

    /** A child that cannot be watched must not go on, nor stay as a zombie. */
    private static Fd watched(Syscalls syscalls, int pid) throws ErrnoException {
        try {
            return syscalls.pidfdOpen(pid);
        } catch (ErrnoException e) {
            syscalls.kill(pid, SIGKILL);
            syscalls.waitpid(pid);
            throw e;
        }
    }

    private void watch(Fd child) {
        loop.register(child, Flags.EPOLLIN, events -> {
            loop.unregister(child);
            child.close();
            died();
        });
    }

    private void died() {
        if (!number.tryLock()) { // whoever has it takes some milliseconds at most
            loop.schedule(Duration.ofMillis(1), this::died);
            return;
        }
        try {
            reaped = true;
            status = reap();
        } finally {
            number.unlock();
        }
        closeStdin(new IOException("the process has ended"));
        if (stdout.discarded) {
            drop(stdout);
        }
        if (stderr.discarded) {
            drop(stderr);
        }
        finishIfDone();
        loop.schedule(Duration.ofMillis(LINGER_MILLIS), this::giveUpOutput);
    }

    /** The process has ended, so this does not block. */
    private int reap() {
        try {
            return syscalls.waitpid(pid);
        } catch (ErrnoException e) {
            LOG.warnf(e, "the exit code of process %d is lost", pid);
            return Exit.UNKNOWN_CODE;
        }
    }

    /** What needs the number of a process. */
    public interface NumberUse {
        void accept(int pid) throws IOException;
    }

    /** Uses the process's number while it is certain to be this process's; does nothing once it has ended. */
    public void withNumber(NumberUse use) throws IOException {
        number.lock();
        try {
            if (!reaped) {
                use.accept(pid);
            }
        } finally {
            number.unlock();
        }
    }

    @Override
    public void listen(long since, OutputListener receiver) {
        loop.run(() -> {
            listener = receiver;
            deliver(to -> ring.replay(since < 0 ? offset : since, offset, to));
            updateInterest();
            if (ended) {
                deliver(OutputListener::end);
            }
        });
    }

    @Override
    public void pause() {
        paused = true;
        loop.run(this::updateInterest);
    }

    @Override
    public void resume() {
        paused = false;
        loop.run(this::updateInterest);
    }

    private void updateInterest() {
        updateInterest(stdout);
        updateInterest(stderr);
    }

    private void updateInterest(Output output) {
        boolean wanted = output.open && listener != null && !paused && !output.resting;
        if (wanted && !output.registered) {
            output.registered = true;
            loop.register(output.fd, Flags.EPOLLIN, events -> {
                if (output.discarded) {
                    rest(output);
                } else {
                    read(output);
                }
            });
        } else if (!wanted && output.registered) {
            output.registered = false;
            loop.unregister(output.fd);
        }
    }

    @Override
    public void discard(OutputStreamKind kind) {
        loop.run(() -> (kind == OutputStreamKind.STDOUT ? stdout : stderr).discarded = true);
    }

    /** Lets a discarded stream gather before it is emptied: to wake up for each piece would cost more than the pieces do. */
    private void rest(Output output) {
        output.resting = true;
        updateInterest(output);
        int millis = output.dropped < FLOOD_BYTES ? REST_MILLIS : FLOOD_REST_MILLIS;
        loop.schedule(Duration.ofMillis(millis), () -> {
            output.resting = false;
            drop(output);
            updateInterest(output);
        });
    }

    /** Empties the pipe, which holds no more than {@value #PIPE_BYTES} bytes. */
    private void drop(Output output) {
        for (int left = PIPE_BYTES; output.open && left >= 0; ) {
            ByteBuffer buffer = loop.readBuffer();
            if (!fill(output, buffer)) {
                return;
            }
            left -= buffer.position();
            output.dropped += buffer.position();
        }
    }

    /** Reads once. At the end of the stream, which is then closed, and when there is nothing now, the answer is false. */
    private boolean fill(Output output, ByteBuffer buffer) {
        int count;
        try {
            count = syscalls.read(output.fd, buffer);
        } catch (ErrnoException e) {
            LOG.warnf(e, "the output of process %d cannot be read", pid);
            count = -1;
        }
        if (count < 0 && count != Syscalls.WOULD_BLOCK) {
            closeOutput(output);
            finishIfDone();
        }
        return count > 0;
    }

    private void read(Output output) {
        ByteBuffer buffer = loop.readBuffer();
        if (!fill(output, buffer)) {
            return;
        }
        buffer.flip();
        long start = offset;
        offset += buffer.remaining();
        ring.add(output.kind, start, buffer.duplicate());
        deliver(to -> to.output(output.kind, start, buffer));
    }

    /** A listener that fails is heard no more; the output is read on without it, so that the process can end. */
    private void deliver(Consumer<OutputListener> message) {
        OutputListener receiver = listener;
        if (receiver == null) {
            return;
        }
        try {
            message.accept(receiver);
        } catch (RuntimeException e) {
            LOG.errorf(e, "the listener of process %d failed; it gets no more", pid);
            if (listener == receiver) {
                listener = DEAF;
            }
        }
    }

    private void closeOutput(Output output) {
        if (output.open) {
            output.open = false;
            updateInterest(output);
            output.fd.close();
        }
    }

    /** What still holds the pipes outlived the process; what it wrote before now is read, the rest is not waited for. */
    private void giveUpOutput() {
        if (ended) {
            return;
        }
        if (paused || listener == null) {
            loop.schedule(Duration.ofMillis(LINGER_MILLIS), this::giveUpOutput);
            return;
        }
        boolean more = drainOnce(stdout) | drainOnce(stderr);
        if (more && !ended) {
            loop.schedule(Duration.ofMillis(LINGER_MILLIS), this::giveUpOutput);
            return;
        }
        closeOutput(stdout);
        closeOutput(stderr);
        finishIfDone();
    }

    private boolean drainOnce(Output output) {
        long before = offset + output.dropped;
        if (output.open && output.discarded) {
            drop(output);
        } else if (output.open) {
            read(output);
        }
        return offset + output.dropped != before;
    }

    private void finishIfDone() {
        if (ended || status == null || stdout.open || stderr.open) {
            return;
        }
        ended = true;
        deliver(OutputListener::end);
        try {
            exit.complete(exitOf.apply(status));
        } catch (RuntimeException e) {
            exit.completeExceptionally(e);
        }
    }

    @Override
    public CompletionStage<Void> write(ByteBuffer bytes) {
        CompletableFuture<Void> written = new CompletableFuture<>();
        ByteBuffer copy = PipeInput.copy(bytes);
        loop.run(() -> {
            if (stdinOpen) {
                input.add(copy, written);
                flushInput();
            } else {
                written.completeExceptionally(new IOException("the standard input is closed"));
            }
        });
        return written;
    }

    @Override
    public void closeInput() {
        loop.run(() -> {
            input.end();
            flushInput();
        });
    }

    private void flushInput() {
        if (stdin == null || !stdinOpen) {
            return;
        }
        try {
            input.writeTo(stdin);
        } catch (ErrnoException e) {
            closeStdin(e);
            return;
        }
        if (input.isDone()) {
            closeStdin(new IOException("the standard input is closed"));
        } else if (input.isEmpty() == stdinRegistered) {
            stdinRegistered = !input.isEmpty();
            if (stdinRegistered) {
                loop.register(stdin, Flags.EPOLLOUT, events -> flushInput());
            } else {
                loop.unregister(stdin);
            }
        }
    }

    private void closeStdin(Throwable cause) {
        if (stdin != null && stdinOpen) {
            stdinOpen = false;
            if (stdinRegistered) {
                loop.unregister(stdin);
            }
            stdin.close();
        }
        input.fail(cause);
    }

    @Override
    public void resize(TerminalSize size) {
        // a process on pipes has no terminal
    }

    @Override
    public CompletionStage<Exit> exit() {
        return exit;
    }

    @Override
    public void signal(int signal) {
        signaller.accept(signal);
    }

    /** Closes the pipes: the process sees the end of its input, and SIGPIPE if it writes. */
    @Override
    public void close() {
        loop.run(() -> {
            listener = null;
            closeStdin(new IOException("the stream is closed"));
            closeOutput(stdout);
            closeOutput(stderr);
            finishIfDone();
        });
    }
}
