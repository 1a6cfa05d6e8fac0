package io.berth.engine.stdio;

import io.berth.engine.OutputStreamKind;
import io.berth.engine.syscall.ErrnoException;
import io.berth.engine.syscall.Syscalls;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Output from the log, which conmon writes before it sends the same bytes to the attach socket. The socket serves as a
 * bell, as a brake (conmon waits while it is full), and to show the end; what its messages hold is dropped. So no byte is
 * lost or repeated, wherever in the stream the connection began.
 *
 * <p>To go on with the socket's own bytes one has to know which offset they have. Counting alone does not tell: conmon may be held
 * up between writing to the log and sending, for as long as another reader likes. But what was logged is never less than what
 * was logged before the connection was asked for, and what has come by the socket, together; if it is just as much once,
 * nothing was logged between asking and being accepted, and the two are level for good.
 */
final class LogSource implements OutputSource {

    private static final int BELLS = 256;

    private final ContainerLog log;
    private final @Nullable AttachSocket socket;
    private final ContainerLog.@Nullable End before;
    private final LogLines lines;
    private Generation generation;
    private long offset;
    private long since;
    private boolean startLost;
    private boolean caughtUp = true;
    private boolean socketEnded;

    private int filled;
    private OutputStreamKind kind = OutputStreamKind.STDOUT;

    /**
     * Finds the place in the log to begin at. Reads the log as far as it was not counted before.
     *
     * @param socket {@code null} if conmon has ended
     * @param before where the log ended before the socket was connected, {@code null} to stay with the log in any case
     * @param since negative for what comes next
     * @param replayed bytes at most before what comes next
     */
    LogSource(
            ContainerLog log,
            @Nullable AttachSocket socket,
            ContainerLog.@Nullable End before,
            long since,
            long replayed)
            throws IOException {
        this.log = log;
        this.socket = socket;
        this.before = before;
        this.socketEnded = socket == null;
        long end = log.end();
        long wanted = since < 0 ? end : Math.min(since, end);
        ContainerLog.Place place = log.placeOf(Math.max(wanted, Math.max(0, end - replayed)));
        this.generation = place.generation();
        this.offset = place.offset();
        this.lines = LogLines.open(log, generation, place.position());
        long oldest = Math.max(offset, Math.max(0, end - replayed));
        this.startLost = wanted < oldest;
        this.since = Math.max(wanted, oldest);
    }

    @Override
    public Next pump(Gate gate) throws IOException {
        if (startLost) {
            startLost = false;
            gate.lost(since);
        }
        if (socket != null && !socketEnded && (caughtUp || socket.isClosed())) { // a closed one rings no more
            socketEnded = dropMessages(socket);
        }
        Scratch scratch = Scratch.ofThisThread();
        lines.borrow(scratch.blocks);
        try {
            caughtUp = read(gate, scratch);
        } catch (NoSuchFileException deletedWithItsProcess) {
            return Next.END;
        } finally {
            lines.giveBack();
        }
        if (!caughtUp) {
            return Next.AGAIN;
        }
        log.learn(generation.sequence(), lines.position(), offset - generation.start());
        if (socketEnded) {
            return Next.END;
        }
        return isLevel() ? Next.LEVEL : Next.WAIT;
    }

    /** Another generation's offset may not be exact. */
    private boolean isLevel() {
        return before != null
                && socket != null
                && socket.received() > 0
                && generation.sequence() == before.sequence()
                && offset == before.offset() + socket.received();
    }

    /** Goes on by the socket, once they are level. */
    SocketSource bySocket() {
        close();
        return new SocketSource(Objects.requireNonNull(socket), offset, since);
    }

    /** Drops what the socket holds, up to a bound: all of it is in the log already. Returns whether it has ended. */
    static boolean dropMessages(AttachSocket socket) throws ErrnoException {
        ByteBuffer packets = Scratch.ofThisThread().packets;
        for (int i = 0; i < BELLS; i++) {
            int count = socket.read(packets, 0, Scratch.MESSAGE + 1);
            if (count == AttachSocket.END) {
                return true;
            }
            if (count == Syscalls.WOULD_BLOCK) {
                return false;
            }
        }
        return false;
    }

    /** Returns whether all that was logged is delivered. */
    private boolean read(Gate gate, Scratch scratch) throws IOException {
        LogLine line = scratch.line;
        long turnEnd = offset + EventLoop.TURN_BYTES;
        filled = 0;
        while (gate.isOpen() && offset < turnEnd) {
            long lineStart = lines.position();
            if (!lines.next(line)) {
                flush(gate, scratch);
                return gate.isOpen();
            }
            if (lines.generation().sequence() != generation.sequence()) {
                flush(gate, scratch);
                lineStart = 0;
                if (!gate.isOpen()) {
                    lines.backTo(lineStart);
                    return false;
                }
                enter(gate);
            }
            int length = line.contentLength();
            if (filled > 0 && (line.kind != kind || filled + length > scratch.piece.length)) {
                flush(gate, scratch);
                if (!gate.isOpen()) {
                    lines.backTo(lineStart);
                    return false;
                }
            }
            add(line, length, scratch.piece);
        }
        flush(gate, scratch);
        return false;
    }

    private void enter(Gate gate) {
        generation = lines.generation();
        if (generation.start() != offset) {
            offset = generation.start();
            since = Math.max(since, offset);
            gate.lost(offset);
        }
    }

    private void add(LogLine line, int length, byte[] piece) {
        kind = line.kind;
        System.arraycopy(line.block, line.textFrom, piece, filled, line.textTo - line.textFrom);
        filled += length;
        if (line.complete) {
            piece[filled - 1] = '\n';
        }
        offset += length;
    }

    private void flush(Gate gate, Scratch scratch) {
        long start = offset - filled;
        int skipped = (int) Math.min(filled, Math.max(0, since - start));
        int length = filled - skipped;
        filled = 0;
        if (length > 0) {
            gate.output(kind, start + skipped, ByteBuffer.wrap(scratch.piece, skipped, length));
        }
    }

    @Override
    public void close() {
        lines.close();
    }
}
