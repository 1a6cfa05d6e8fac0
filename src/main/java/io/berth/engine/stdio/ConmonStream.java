package io.berth.engine.stdio;

import io.berth.engine.Exit;
import io.berth.engine.OutputListener;
import io.berth.engine.ProcessStream;
import io.berth.engine.TerminalSize;
import io.berth.engine.syscall.ErrnoException;
import io.berth.engine.syscall.Flags;
import io.berth.engine.syscall.Syscalls;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * A connection to a process that conmon supervises.
 *
 * <p>One made before the process writes ({@code fresh}) takes all output from the attach socket, and holds the process up
 * while nobody listens. A later one takes it from the log until it is known where in the stream the socket stands, see
 * {@link LogSource}; it never holds the process up before {@link #listen} is called.
 *
 * <p>The process is also held up by a paused stream, as conmon waits for each of its connections; until it has ended, when
 * what the stream has not taken yet is left to the log.
 */
public final class ConmonStream implements ProcessStream {

    /** So much of the past is replayed at most. */
    public static final long REPLAY_BYTES = 1 << 20;

    /** A turn with so much output is likely to be followed by more. */
    private static final int FLOOD_BYTES = 2 << 10;
    /**
     * For so long the emptied socket of such a stream is left alone, as each message that finds its reader asleep costs both a wake-up.
     * It holds what comes meanwhile.
     */
    private static final Duration REST = Duration.ofNanos(150_000);

    private static final Logger LOG = Logger.getLogger(ConmonStream.class);

    private final EventLoop loop;
    private final ContainerLog log;
    private final ContainerLog.@Nullable End before;
    private final @Nullable AttachSocket socket;
    private final boolean fresh;
    private final TerminalControl terminal;
    private final InputQueue input = new InputQueue();
    private final AtomicBoolean listening = new AtomicBoolean();
    private final CompletableFuture<Void> delivered = new CompletableFuture<>();
    private final Connections connections;
    private volatile boolean paused;

    // the event loop's
    private @Nullable Gate gate;
    private @Nullable OutputSource source;
    private int interest;
    private boolean turnScheduled;
    private boolean inTurn;
    private boolean resting;
    private boolean closing;
    private boolean socketClosed;
    private boolean finished;
    private boolean letsGo;

    private ConmonStream(
            EventLoop loop,
            ContainerLog log,
            ContainerLog.@Nullable End before,
            @Nullable AttachSocket socket,
            TerminalControl terminal,
            Connections connections,
            boolean fresh) {
        this.loop = loop;
        this.log = log;
        this.before = before;
        this.socket = socket;
        this.terminal = terminal;
        this.fresh = fresh;
        this.connections = connections;
    }

    /**
     * Connects to a process. One that has ended is replayed from its log. If not fresh, reads the log: not for an event loop.
     *
     * @param bundle where conmon was told by {@code --full-attach} to have its socket, and has its control FIFO
     * @param connections of this process, of which this becomes one
     * @param fresh whether the process has written nothing yet and will not before this returns
     * @throws ErrnoException {@code EAGAIN} if conmon takes no more connections, as a reader keeps it waiting
     */
    public static ConmonStream connect(
            Syscalls syscalls, EventLoop loop, ContainerLog log, Path bundle, Connections connections, boolean fresh)
            throws ErrnoException {
        ContainerLog.End before = fresh ? null : endOf(log);
        AttachSocket socket =
                AttachSocket.connect(syscalls, bundle.resolve("attach")).orElse(null);
        TerminalControl terminal = TerminalControl.of(syscalls, loop, bundle);
        ConmonStream stream =
                new ConmonStream(loop, log, before, socket, terminal, connections, fresh && socket != null);
        loop.run(stream::updateInterest);
        connections.add(stream);
        return stream;
    }

    /** A log that cannot be read is told of by {@link #listen}. */
    private static ContainerLog.@Nullable End endOf(ContainerLog log) {
        try {
            return log.endNow();
        } catch (IOException e) {
            LOG.debugf(e, "Where the log in %s ends cannot be seen", log.directory());
            return null;
        }
    }

    /**
     * {@inheritDoc}
     *
     * <p>Reads the log to find the offset, if the stream is not fresh: not to be called on an event loop.
     *
     * @throws UncheckedIOException if the log cannot be read
     */
    @Override
    public void listen(long since, OutputListener listener) {
        if (!listening.compareAndSet(false, true)) {
            throw new IllegalStateException("a stream has one listener, and it has one already");
        }
        OutputSource found;
        try {
            found = fresh && socket != null
                    ? new SocketSource(socket, 0, since)
                    : new LogSource(log, socket, before, since, REPLAY_BYTES);
        } catch (IOException e) {
            delivered.complete(null);
            throw new UncheckedIOException("the log in " + log.directory() + " cannot be read", e);
        }
        Gate opened = new Gate(listener, () -> !paused);
        outsideTurns(() -> {
            if (finished) {
                found.close();
                return;
            }
            gate = opened;
            source = letsGo ? fromLog(found) : found;
            turn();
        });
    }

    private void turn() {
        OutputSource from = source;
        Gate to = gate;
        if (inTurn || finished || from == null || to == null || !to.isOpen()) {
            updateInterest();
            return;
        }
        inTurn = true;
        long turnStart = from instanceof SocketSource direct ? direct.next() : 0;
        OutputSource.Next next = pump(from, to);
        inTurn = false;
        if (next == OutputSource.Next.END || closing) {
            finish();
        } else if (next == OutputSource.Next.LEVEL && !letsGo && from instanceof LogSource logged) {
            source = logged.bySocket();
        } else if (next == OutputSource.Next.WAIT
                && from instanceof SocketSource direct
                && direct.next() - turnStart > FLOOD_BYTES) {
            rest();
        } else if (next == OutputSource.Next.AGAIN && to.isOpen() && !turnScheduled) {
            turnScheduled = true;
            loop.schedule(Duration.ZERO, () -> {
                turnScheduled = false;
                turn();
            });
        }
        updateInterest();
    }

    private void rest() {
        if (!resting) {
            resting = true;
            loop.schedule(REST, () -> {
                resting = false;
                turn();
            });
        }
    }

    private OutputSource.Next pump(OutputSource from, Gate to) {
        try {
            OutputSource.Next next = from.pump(to);
            if (next == OutputSource.Next.END) {
                to.end();
            }
            return next;
        } catch (IOException e) {
            LOG.errorf(e, "The output of the process with its log in %s cannot be read any further", log.directory());
            to.end();
        } catch (RuntimeException e) {
            LOG.errorf(e, "A listener to the process with its log in %s failed", log.directory());
            endQuietly(to);
        }
        return OutputSource.Next.END;
    }

    /** Whoever waits for the end hears of it, even if what came before could not be told. */
    private void endQuietly(Gate to) {
        try {
            to.end();
        } catch (RuntimeException e) {
            LOG.debugf(e, "The listener to %s did not want to hear of the end either", log.directory());
        }
    }

    private void ready(int events) {
        if ((events & (Flags.EPOLLOUT | Flags.EPOLLERR | Flags.EPOLLHUP)) != 0 && socket != null && !socketClosed) {
            input.flush(socket);
        }
        Gate to = gate;
        if (to == null || (letsGo && !to.isOpen())) {
            if (!fresh || letsGo) {
                dropMessages();
            }
        } else if (!turnScheduled) {
            turn();
        }
        updateInterest();
    }

    /** The process has ended: conmon is not to wait for this stream any more, paused or not. */
    void letGo() {
        loop.run(() -> {
            if (!finished) {
                letsGo = true;
                source = fromLog(source);
                updateInterest();
            }
        });
    }

    /**
     * Goes on where a source stood, and needs the socket no more. Reads the log on the event loop, once in a stream's life:
     * what is fresh and not closed at once is read from its beginning, and the log hardly lags behind that.
     */
    private @Nullable OutputSource fromLog(@Nullable OutputSource from) {
        if (!(from instanceof SocketSource direct)) {
            return from;
        }
        try {
            return new LogSource(log, socket, null, direct.next(), REPLAY_BYTES);
        } catch (IOException e) {
            LOG.errorf(e, "The rest of the output in %s cannot be read", log.directory());
            return from;
        }
    }

    /** What nobody takes from the socket is in the log; conmon goes on. */
    private void dropMessages() {
        if (socket == null || socketClosed) {
            return;
        }
        try {
            if (LogSource.dropMessages(socket)) {
                closeSocket();
            }
        } catch (ErrnoException e) {
            LOG.warnf(e, "The connection to the process with its log in %s broke", log.directory());
            closeSocket();
        }
    }

    /** Registered for just what can be handled now: the end of a connection is signalled again and again. */
    private void updateInterest() {
        if (socket == null || socketClosed) {
            return;
        }
        Gate to = gate;
        boolean reads = !resting && (letsGo || (to == null ? !fresh : to.isOpen()));
        int wanted = (reads ? Flags.EPOLLIN : 0) | (input.wantsToWrite() ? Flags.EPOLLOUT : 0);
        if (wanted == interest) {
            return;
        }
        if (wanted == 0) {
            loop.unregister(socket.fd());
        } else if (interest == 0) {
            loop.register(socket.fd(), wanted, this::ready);
        } else {
            loop.modify(socket.fd(), wanted);
        }
        interest = wanted;
    }

    private void closeSocket() {
        if (socket != null && !socketClosed) {
            socketClosed = true;
            if (interest != 0) {
                loop.unregister(socket.fd());
                interest = 0;
            }
            socket.close();
        }
        input.fail(new IOException("the process has ended, or its stream was closed"));
    }

    private void finish() {
        if (finished) {
            return;
        }
        finished = true;
        connections.remove(this);
        closeSocket();
        OutputSource from = source;
        if (from != null) {
            from.close();
        }
        delivered.complete(null);
    }

    @Override
    public void pause() {
        // at once, as a listener that calls this while it is called wants to be called no more
        paused = true;
        loop.run(this::updateInterest);
    }

    @Override
    public void resume() {
        paused = false;
        outsideTurns(this::turn);
    }

    /** Never at once within another stream's turn, with which a turn shares its buffers. */
    private void outsideTurns(Runnable task) {
        if (loop.inLoop()) {
            loop.schedule(Duration.ZERO, task);
        } else {
            loop.run(task);
        }
    }

    @Override
    public CompletionStage<Void> write(ByteBuffer bytes) {
        InputQueue.Offer offer = input.offer(bytes);
        Runnable enqueue = offer.enqueue();
        if (enqueue != null) {
            loop.run(() -> {
                enqueue.run();
                flushInput();
            });
        }
        return offer.written();
    }

    @Override
    public void closeInput() {
        loop.run(() -> {
            input.end();
            flushInput();
        });
    }

    private void flushInput() {
        if (socket == null || socketClosed) {
            input.fail(new IOException("the process has ended, or its stream was closed"));
        } else {
            input.flush(socket);
            updateInterest();
        }
    }

    @Override
    public void resize(TerminalSize size) {
        terminal.resize(size);
    }

    /** {@inheritDoc} Without a listener there is nobody to deliver to. */
    @Override
    public CompletionStage<Exit> exit() {
        return connections
                .exit()
                .thenCompose(how ->
                        listening.get() ? delivered.thenApply(nothing -> how) : CompletableFuture.completedStage(how));
    }

    @Override
    public void close() {
        loop.run(() -> {
            if (inTurn) {
                // the listener called this
                paused = true;
                closing = true;
            } else {
                finish();
            }
        });
    }
}
