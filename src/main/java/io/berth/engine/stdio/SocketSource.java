package io.berth.engine.stdio;

import io.berth.engine.OutputStreamKind;
import io.berth.engine.syscall.Syscalls;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Output straight from the attach socket, for a connection made before the process began to write, or of which is known where in
 * the stream it stands. Messages of the same kind that are there together are handed on together.
 */
final class SocketSource implements OutputSource {

    private static final byte STDOUT = 2;

    private final AttachSocket socket;
    private final long since;
    private long offset;

    /**
     * @param offset of the first byte in the socket
     * @param since bytes before this offset are dropped
     */
    SocketSource(AttachSocket socket, long offset, long since) {
        this.socket = socket;
        this.offset = offset;
        this.since = since;
    }

    /** Offset of the first byte that is not delivered yet, of those that are wanted. */
    long next() {
        return Math.max(offset, since);
    }

    /**
     * Each message is read to the byte before the end of the one before, so that its first byte, which names the stream,
     * lands there for a moment and the contents are adjacent.
     */
    @Override
    public Next pump(Gate gate) throws IOException {
        ByteBuffer packets = Scratch.ofThisThread().packets;
        long turnEnd = offset + EventLoop.TURN_BYTES;
        while (gate.isOpen() && offset < turnEnd) {
            int from = 1;
            int to = 1;
            byte kind = 0;
            int count;
            while (true) {
                byte covered = packets.get(to - 1);
                count = to > Scratch.PIECE ? 0 : socket.read(packets, to - 1, Scratch.MESSAGE + 1);
                if (count <= 0) {
                    break;
                }
                byte messageKind = packets.get(to - 1);
                packets.put(to - 1, covered);
                if (messageKind != kind && from < to) {
                    deliver(gate, kind, packets, from, to);
                    from = to;
                }
                kind = messageKind;
                to += count - 1;
                if (!gate.isOpen()) {
                    break;
                }
            }
            if (from < to) {
                deliver(gate, kind, packets, from, to);
            }
            if (count == AttachSocket.END) {
                return Next.END;
            }
            if (count == Syscalls.WOULD_BLOCK) {
                return Next.WAIT;
            }
        }
        return Next.AGAIN;
    }

    private void deliver(Gate gate, byte kind, ByteBuffer packets, int from, int to) {
        long at = offset;
        offset += to - from;
        if (offset <= since) {
            return;
        }
        int skipped = (int) Math.max(0, since - at);
        gate.output(
                kind == STDOUT ? OutputStreamKind.STDOUT : OutputStreamKind.STDERR,
                at + skipped,
                packets.slice(from + skipped, to - from - skipped));
    }

    @Override
    public void close() {}
}
