package io.berth.terminal;

import io.berth.engine.Exit;
import io.berth.engine.OutputListener;
import io.berth.engine.OutputStreamKind;
import io.berth.engine.ProcessStream;
import io.berth.engine.TerminalSize;
import java.nio.ByteBuffer;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * One process's streams, shared by its clients. The output goes into a ring, from which each client reads at its own
 * pace: the writer's pace is the process's (the stream pauses while it lags), a viewer that lags too far is moved forward.
 */
final class StreamHub implements OutputListener {

    /** The writer may lag so far before the process has to wait, and goes on at a quarter of it. */
    static final long WRITER_LAG = 256 << 10;

    private final ProcessStream stream;
    private final FlowGate flow;
    private final OutputRing ring;
    private final int mostClients;
    private final boolean waitsForReaders;
    private final List<Seat> seats = new CopyOnWriteArrayList<>();
    private @Nullable Seat writer;
    private volatile boolean paused;
    private boolean closed;
    private volatile @Nullable Outcome outcome;

    /** How it ended: one of the two. */
    record Outcome(@Nullable Exit exit, @Nullable Throwable failure) {}

    /** Output to send. {@code moved} if it does not continue what the client had before. */
    record Delivery(OutputRing.Slice slice, boolean moved, long lost, long end) {}

    /**
     * @param ringBytes bound of the memory for late and slow readers
     * @param waitsForReaders whether the process has to wait while there is no client, because nobody else keeps its output
     */
    StreamHub(ProcessStream stream, long ringBytes, int mostClients, boolean waitsForReaders) {
        this.stream = stream;
        this.flow = new FlowGate(stream, () -> paused);
        this.ring = new OutputRing(ringBytes);
        this.mostClients = mostClients;
        this.waitsForReaders = waitsForReaders;
    }

    /** A client's place at the hub. */
    final class Seat {
        private final HubClient client;
        private final String name;
        private final boolean mayWrite;
        /** Offset of the next byte to send; negative until the ring knows where it is. */
        private long position;
        /** Offset the client expects next; negative if it takes what comes. */
        private long expected;

        private boolean told;
        private boolean tookOver;

        private Seat(HubClient client, String name, boolean mayWrite, long since) {
            this.client = client;
            this.name = name;
            this.mayWrite = mayWrite;
            this.expected = since;
            this.position = -1;
            if (ring.isPlaced()) {
                position = since < 0 ? ring.end() : Math.min(since, ring.end());
            }
        }

        /** Whether it asked to write, even if another has taken over meanwhile. */
        boolean mayWrite() {
            return mayWrite;
        }

        /** Whether another client lost the right to write by its coming. */
        boolean tookOver() {
            return tookOver;
        }

        Role role() {
            synchronized (StreamHub.this) {
                return writer == this ? Role.WRITER : Role.VIEWER;
            }
        }

        /** Who is there, as this client is told. */
        Presence presence() {
            synchronized (StreamHub.this) {
                List<Participant> attached = seats.stream()
                        .sorted(Comparator.comparingInt(seat -> seat == writer ? 0 : seat == this ? 1 : 2))
                        .limit(Presence.MOST_NAMED)
                        .map(seat ->
                                new Participant(seat.name, seat == writer ? Role.WRITER : Role.VIEWER, seat == this))
                        .toList();
                return new Presence(seats.size(), attached);
            }
        }

        /** What comes next, and moves on; null when the client has it all. */
        @Nullable
        Delivery next() {
            Delivery delivery;
            synchronized (StreamHub.this) {
                delivery = advance();
                decide();
            }
            flow.apply();
            return delivery;
        }

        private @Nullable Delivery advance() {
            if (!ring.isPlaced()) {
                return null;
            }
            if (position < 0) {
                position = ring.start();
            } else if (position < ring.start()) {
                // not to the very oldest byte, which the next output would take away again
                position = told ? ring.start() + (ring.end() - ring.start()) / 2 : ring.start();
            }
            OutputRing.Slice slice = ring.read(position);
            if (slice == null) {
                return null;
            }
            boolean moved = !told || expected != position;
            long lost = expected < 0 ? 0 : Math.max(0, position - expected);
            told = true;
            position = slice.end();
            expected = position;
            return new Delivery(slice, moved, lost, ring.end());
        }

        /** How the process ended, once the client has all its output. */
        @Nullable
        Outcome end() {
            Outcome known = outcome;
            synchronized (StreamHub.this) {
                boolean all = !ring.isPlaced() || position >= ring.end();
                return all ? known : null;
            }
        }

        /** Input, if it is this client that writes; else it is dropped. */
        CompletionStage<Void> write(ByteBuffer bytes) {
            return role() == Role.WRITER ? stream.write(bytes) : CompletableFuture.completedStage(null);
        }

        void closeInput() {
            if (role() == Role.WRITER) {
                stream.closeInput();
            }
        }

        void resize(TerminalSize size) {
            if (role() == Role.WRITER) {
                stream.resize(size);
            }
        }

        StreamHub hub() {
            return StreamHub.this;
        }
    }

    /** Begins to read. A negative offset starts with what comes next. */
    void start(long since) {
        stream.listen(since, this);
        stream.exit().whenComplete(this::finished);
    }

    /**
     * Lets a client in.
     *
     * @return empty if the hub has closed meanwhile
     * @throws StreamRefused {@code TOO_MANY}, or {@code WRONG_STATE} if another client writes
     */
    Optional<Seat> join(HubClient client, StreamHubs.Wish wish) {
        Role role = wish.role();
        WhenTaken whenTaken = wish.whenTaken();
        Seat seat;
        Seat demoted = null;
        synchronized (this) {
            if (closed) {
                return Optional.empty();
            }
            if (seats.size() >= mostClients) {
                throw new StreamRefused(CloseCode.TOO_MANY, "this process has " + mostClients + " clients already");
            }
            seat = new Seat(client, wish.name(), role == Role.WRITER, wish.since());
            if (role == Role.WRITER && (writer == null || whenTaken == WhenTaken.TAKE_OVER)) {
                demoted = writer;
                seat.tookOver = demoted != null;
                writer = seat;
            } else if (role == Role.WRITER && whenTaken == WhenTaken.REFUSE) {
                throw new StreamRefused(
                        CloseCode.WRONG_STATE,
                        "another client is writing: connect with role=viewer, watch=true or takeover=true");
            }
            seats.add(seat);
            decide();
        }
        if (demoted != null) {
            demoted.client.becameViewer();
        }
        flow.apply();
        tellWhoIsThere();
        return Optional.of(seat);
    }

    private void tellWhoIsThere() {
        seats.forEach(seat -> seat.client.presenceChanged());
    }

    /** @return whether nobody is left */
    boolean leave(Seat seat) {
        synchronized (this) {
            seats.remove(seat);
            if (writer == seat) {
                writer = null;
            }
            decide();
        }
        flow.apply();
        tellWhoIsThere();
        return seats.isEmpty();
    }

    /** Lets go of the stream if nobody is left, or at once by force. May block. @return whether it has closed */
    boolean close(boolean force) {
        synchronized (this) {
            if (closed || !(force || seats.isEmpty())) {
                return closed;
            }
            closed = true;
        }
        seats.forEach(seat -> seat.client.close(
                CloseCode.GOING_AWAY, "the server goes down; what runs goes on: connect again in a moment"));
        stream.close();
        return true;
    }

    private void decide() {
        Seat leading = writer;
        if (leading == null) {
            paused = waitsForReaders && seats.isEmpty();
        } else if (!ring.isPlaced()) {
            paused = false;
        } else {
            long lag = ring.end() - Math.max(leading.position, ring.start());
            paused = lag > (paused ? WRITER_LAG / 4 : WRITER_LAG);
        }
    }

    /** Whether its process has; what it wrote may still be on its way to clients. */
    boolean hasEnded() {
        return outcome != null;
    }

    @Override
    public void output(OutputStreamKind kind, long offset, ByteBuffer bytes) {
        synchronized (this) {
            ring.append(kind, offset, bytes);
            decide();
        }
        flow.apply();
        seats.forEach(seat -> seat.client.outputAvailable());
    }

    @Override
    public void lost(long nextOffset) {
        synchronized (this) {
            ring.skipTo(nextOffset);
        }
    }

    @Override
    public void end() {
        // the exit follows
    }

    private void finished(@Nullable Exit exit, @Nullable Throwable failure) {
        outcome = new Outcome(exit, failure);
        seats.forEach(seat -> seat.client.outputAvailable());
    }
}
