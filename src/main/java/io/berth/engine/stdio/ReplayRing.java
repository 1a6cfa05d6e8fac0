package io.berth.engine.stdio;

import io.berth.engine.OutputListener;
import io.berth.engine.OutputStreamKind;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;

/**
 * The last megabyte or so of a stream. It grows as output comes, so that a quiet process costs nothing. The bound is on
 * the memory taken: a process that alternates between its two streams byte by byte keeps less, and costs no more.
 */
final class ReplayRing {

    private static final int CAPACITY = 1 << 20;
    /** What is written piecemeal is gathered in chunks of this size; a chunk is of one kind. */
    private static final int CHUNK = 64 << 10;

    private static final int SMALLEST = 256;
    /** What a chunk takes beside its bytes, roughly. */
    private static final int OVERHEAD = 64;

    private final Deque<Chunk> chunks = new ArrayDeque<>();
    private long memory;

    private static final class Chunk {
        final OutputStreamKind kind;
        final long offset;
        byte[] bytes;
        int length;

        Chunk(OutputStreamKind kind, long offset, byte[] bytes) {
            this.kind = kind;
            this.offset = offset;
            this.bytes = bytes;
        }
    }

    /** @param start offset of the first byte; follows on what was added before */
    void add(OutputStreamKind kind, long start, ByteBuffer bytes) {
        long offset = start;
        while (bytes.hasRemaining()) {
            Chunk last = chunks.peekLast();
            if (last == null || last.kind != kind || last.length == CHUNK) {
                last = next(kind, offset, Math.min(CHUNK, Math.max(SMALLEST, bytes.remaining())));
            }
            int count = Math.min(bytes.remaining(), CHUNK - last.length);
            if (last.length + count > last.bytes.length) {
                int grown = Math.min(CHUNK, Math.max(last.bytes.length * 2, last.length + count));
                memory += grown - last.bytes.length;
                last.bytes = Arrays.copyOf(last.bytes, grown);
            }
            bytes.get(last.bytes, last.length, count);
            last.length += count;
            offset += count;
            trim();
        }
    }

    private Chunk next(OutputStreamKind kind, long offset, int capacity) {
        Chunk oldest = chunks.peekFirst();
        byte[] bytes;
        if (oldest != null && oldest.bytes.length == CHUNK && memory + CHUNK > CAPACITY && capacity == CHUNK) {
            // a fast stream goes round in the same arrays
            bytes = drop().bytes;
        } else {
            bytes = new byte[capacity];
        }
        memory += bytes.length + OVERHEAD;
        Chunk chunk = new Chunk(kind, offset, bytes);
        chunks.add(chunk);
        return chunk;
    }

    private void trim() {
        while (memory > CAPACITY && chunks.size() > 1) {
            drop();
        }
    }

    private Chunk drop() {
        Chunk oldest = chunks.removeFirst();
        memory -= oldest.bytes.length + OVERHEAD;
        return oldest;
    }

    /** Gives a listener what is kept from an offset on. @param end offset after the last byte there was */
    void replay(long since, long end, OutputListener listener) {
        long oldest = chunks.isEmpty() ? end : chunks.getFirst().offset;
        if (since < oldest) {
            listener.lost(oldest);
        }
        for (Chunk chunk : chunks) {
            int skip = (int) Math.min(chunk.length, Math.max(0, since - chunk.offset));
            if (skip < chunk.length) {
                listener.output(
                        chunk.kind, chunk.offset + skip, ByteBuffer.wrap(chunk.bytes, skip, chunk.length - skip));
            }
        }
    }
}
