package io.berth.engine.stdio;

import io.berth.engine.ExecProcess;
import io.berth.engine.Exit;
import io.berth.engine.OutputListener;
import io.berth.engine.OutputStreamKind;
import io.berth.engine.TerminalSize;
import io.berth.engine.syscall.ErrnoException;
import io.berth.engine.syscall.Fd;
import io.berth.engine.syscall.Flags;
import io.berth.engine.syscall.Spawner;
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
import java.util.function.BooleanSupplier;
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

    private static final Duration LOOK_AGAIN = Duration.ofMillis(2);
    private static final int LINGER_MILLIS = 200;
    private static final int PIPE_BYTES = 1 << 20;
    private static final int SIGKILL = 9;
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
    private final BooleanSupplier hasBegun;
    private final IntFunction<Exit> exitOf;
    private final IntConsumer signaller;
    private final CompletableFuture<Exit> ended = new CompletableFuture<>();
    private final CompletableFuture<Exit> exit = new CompletableFuture<>();
    private final ReplayRing ring = new ReplayRing();
    private final StdinPipe stdin;
    private final OutputPipe stdout;
    private final OutputPipe stderr;
    /** Held while the process's number is used or given up. The event loop does not wait for it. */
    private final Lock number = new ReentrantLock();
    /** Guarded by {@link #number}: it may be another process's from now on. */
    private boolean reaped;

    /** Set at once and not by a task: of a pause on the loop and a resume elsewhere, the later call must win. */
    private volatile boolean paused;

    // On the event loop only:
    private @Nullable OutputListener listener;
    /** Whether the listener was told the end. */
    private boolean finished;

    private long offset;

    private PipeProcess(
            EventLoop loop,
            Syscalls syscalls,
            int pid,
            @Nullable Fd stdin,
            Fd stdout,
            Fd stderr,
            BooleanSupplier hasBegun,
            IntFunction<Exit> exitOf,
            IntConsumer signaller) {
        this.loop = loop;
        this.syscalls = syscalls;
        this.pid = pid;
        this.stdin = new StdinPipe(loop, syscalls, stdin);
        this.stdout = output(OutputStreamKind.STDOUT, stdout);
        this.stderr = output(OutputStreamKind.STDERR, stderr);
        this.hasBegun = hasBegun;
        this.exitOf = exitOf;
        this.signaller = signaller;
    }

    private OutputPipe output(OutputStreamKind kind, Fd fd) {
        return new OutputPipe(loop, syscalls, kind, fd, PIPE_BYTES, new OutputPipe.Reader() {
            @Override
            public boolean isReading() {
                return listener != null && !paused;
            }

            @Override
            public void read(OutputStreamKind from, ByteBuffer bytes) {
                received(from, bytes);
            }

            @Override
            public void end() {
                finishIfDone();
            }
        });
    }

    /**
     * Starts a process.
     *
     * @param spawner starts the program
     * @param stdin whether it gets a pipe for its standard input; {@code /dev/null} otherwise
     * @param hasBegun whether what was started has started the process that is meant; on the event loop, so it must not
     *     block
     * @param exitOf makes an exit of what waitpid(2) told, on the event loop, so it must not block; it may throw, and
     *     then {@link #ended} and {@link #exit} fail
     * @param signaller carries out {@link #signal}
     * @throws ErrnoException if it cannot be started
     */
    public static PipeProcess start(
            EventLoop loop,
            Syscalls syscalls,
            Spawner spawner,
            List<String> command,
            Map<String, String> environment,
            boolean stdin,
            BooleanSupplier hasBegun,
            IntFunction<Exit> exitOf,
            IntConsumer signaller)
            throws ErrnoException {
        ChildPipes pipes = ChildPipes.open(syscalls, stdin, PIPE_BYTES);
        Fd child;
        int pid;
        try {
            pid = spawner.spawn(command, environment, pipes.childEnds());
            pipes.closeChildEnds();
            child = watched(syscalls, pid);
        } catch (ErrnoException | RuntimeException e) {
            pipes.close();
            throw e;
        }
        PipeProcess process = new PipeProcess(
                loop, syscalls, pid, pipes.stdin(), pipes.stdout(), pipes.stderr(), hasBegun, exitOf, signaller);
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
        int status;
        try {
            reaped = true;
            status = reap();
        } finally {
            number.unlock();
        }
        stdin.close(new IOException("the process has ended"));
        if (listener == null && !hasBegun.getAsBoolean()) { // there is no output that somebody might still want
            stdout.close();
            stderr.close();
        }
        tellEnd(status);
        stdout.dropIfDiscarded();
        stderr.dropIfDiscarded();
        finishIfDone();
        loop.schedule(Duration.ofMillis(LINGER_MILLIS), this::giveUpOutput);
    }

    private void tellEnd(int status) {
        try {
            ended.complete(exitOf.apply(status));
        } catch (RuntimeException e) {
            ended.completeExceptionally(e);
        }
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
            if (finished) {
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
        stdout.updateInterest();
        stderr.updateInterest();
    }

    @Override
    public void discard(OutputStreamKind kind) {
        loop.run(() -> (kind == OutputStreamKind.STDOUT ? stdout : stderr).discard());
    }

    private void received(OutputStreamKind kind, ByteBuffer bytes) {
        long start = offset;
        offset += bytes.remaining();
        ring.add(kind, start, bytes.duplicate());
        deliver(to -> to.output(kind, start, bytes));
    }

    /** A listener that fails is heard no more; the output is read on without it, so that the process can end. */
    private void deliver(Consumer<OutputListener> message) {
        OutputListener receiver = listener;
        if (receiver == null) {
            return;
        }
        try {
            message.accept(receiver);
        } catch (RuntimeException | Error e) { // even out of memory: who waits for this process must see its end
            LOG.errorf(e, "the listener of process %d failed; it gets no more", pid);
            if (listener == receiver) {
                listener = DEAF;
            }
        }
    }

    /** What still holds the pipes outlived the process; what it wrote before now is read, the rest is not waited for. */
    private void giveUpOutput() {
        if (finished) {
            return;
        }
        if (paused || listener == null) {
            loop.schedule(Duration.ofMillis(LINGER_MILLIS), this::giveUpOutput);
            return;
        }
        boolean more = stdout.drain() | stderr.drain();
        if (more && !finished) {
            loop.schedule(Duration.ofMillis(LINGER_MILLIS), this::giveUpOutput);
            return;
        }
        stdout.close();
        stderr.close();
        finishIfDone();
    }

    private void finishIfDone() {
        if (finished || !ended.isDone() || stdout.isOpen() || stderr.isOpen()) {
            return;
        }
        finished = true;
        deliver(OutputListener::end);
        ended.whenComplete((how, failure) -> complete(exit, how, failure));
    }

    private static <T> void complete(CompletableFuture<T> stage, @Nullable T value, @Nullable Throwable failure) {
        if (failure == null) {
            stage.complete(value);
        } else {
            stage.completeExceptionally(failure);
        }
    }

    @Override
    public CompletionStage<Void> write(ByteBuffer bytes) {
        CompletableFuture<Void> written = new CompletableFuture<>();
        ByteBuffer copy = PipeInput.copy(bytes);
        loop.run(() -> stdin.write(copy, written));
        return written;
    }

    @Override
    public void closeInput() {
        loop.run(stdin::end);
    }

    @Override
    public void resize(TerminalSize size) {
        // a process on pipes has no terminal
    }

    @Override
    public CompletionStage<Void> begun() {
        CompletableFuture<Void> begun = new CompletableFuture<>();
        loop.run(() -> lookWhetherBegun(begun));
        return begun;
    }

    private void lookWhetherBegun(CompletableFuture<Void> begun) {
        if (ended.isDone()) {
            ended.whenComplete((how, failure) -> complete(begun, null, failure));
        } else if (hasBegun.getAsBoolean()) {
            begun.complete(null);
        } else {
            loop.schedule(LOOK_AGAIN, () -> lookWhetherBegun(begun));
        }
    }

    @Override
    public CompletionStage<Exit> ended() {
        return ended;
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
            stdin.close(new IOException("the stream is closed"));
            stdout.close();
            stderr.close();
            finishIfDone();
        });
    }
}
