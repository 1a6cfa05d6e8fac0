package io.berth.terminal;

import io.berth.engine.OutputStreamKind;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * The last bytes a process wrote, with their offsets. Its memory grows with what is written, up to a bound. Written bytes
 * never change, so slices of it may be sent without copying while it goes on. Not thread-safe.
 */
final class OutputRing {

    /** Largest segment, and so the largest message. */
    static final int SEGMENT = 64 << 10;

    private static final int SMALLEST_SEGMENT = 1 << 10;
    /** What a segment costs besides its bytes. */
    private static final int OVERHEAD = 96;

    private final long bound;
    private final Deque<Segment> segments = new ArrayDeque<>();
    private long held;
    private long start = -1;
    private long end = -1;

    /** Bytes of one kind; valid for good. */
    record Slice(OutputStreamKind kind, long offset, byte[] array, int from, int length) {
        long end() {
            return offset + length;
        }
    }

    private static final class Segment {
        final OutputStreamKind kind;
        final long offset;
        final byte[] array;
        int length;

        Segment(OutputStreamKind kind, long offset, int capacity) {
            this.kind = kind;
            this.offset = offset;
            this.array = new byte[capacity];
        }

        long end() {
            return offset + length;
        }

        int room() {
            return array.length - length;
        }

        long cost() {
            return array.length + (long) OVERHEAD;
        }
    }

    /** @param bound of its memory in bytes */
    OutputRing(long bound) {
        this.bound = bound;
    }

    /** Whether it knows where in the stream it is: not before the first {@link #append} or {@link #skipTo}. */
    boolean isPlaced() {
        return end >= 0;
    }

    /** Offset of the oldest byte held. */
    long start() {
        return start;
    }

    /** Offset after the newest byte. */
    long end() {
        return end;
    }

    /** Copies the bytes in; an offset other than {@link #end()} forgets everything before it. */
    void append(OutputStreamKind kind, long offset, ByteBuffer bytes) {
        if (offset != end) {
            skipTo(offset);
        }
        while (bytes.hasRemaining()) {
            Segment last = segments.peekLast();
            if (last == null || last.kind != kind || last.room() == 0) {
                last = grow(kind, bytes.remaining(), last);
            }
            int count = Math.min(last.room(), bytes.remaining());
            bytes.get(last.array, last.length, count);
            last.length += count;
            end += count;
        }
    }

    private Segment grow(OutputStreamKind kind, int wanted, @Nullable Segment last) {
        int doubled = last == null || last.kind != kind ? SMALLEST_SEGMENT : 2 * last.array.length;
        int capacity = Math.min(SEGMENT, Math.max(doubled, wanted));
        Segment segment = new Segment(kind, end, capacity);
        segments.add(segment);
        held += segment.cost();
        while (held > bound && segments.size() > 1) {
            held -= segments.remove().cost();
            start = segments.element().offset;
        }
        return segment;
    }

    /** The stream goes on at that offset; what is held is forgotten. */
    void skipTo(long offset) {
        segments.clear();
        held = 0;
        start = offset;
        end = offset;
    }

    /** The bytes from an offset within {@link #start()} and {@link #end()} on, as many as lie together; null at the end. */
    @Nullable
    Slice read(long offset) {
        // readers are mostly near the end
        Iterator<Segment> newestFirst = segments.descendingIterator();
        while (newestFirst.hasNext()) {
            Segment segment = newestFirst.next();
            if (segment.offset <= offset) {
                int from = (int) (offset - segment.offset);
                int length = segment.length - from;
                return length <= 0 ? null : new Slice(segment.kind, offset, segment.array, from, length);
            }
        }
        return null;
    }
}
