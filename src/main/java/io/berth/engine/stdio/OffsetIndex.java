package io.berth.engine.stdio;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.Map;
import java.util.TreeMap;

/**
 * Which content offset stands where in one log file, known as far as the file was counted. It keeps a mark per MiB, so
 * that a place is found by reading a MiB at most. Not thread-safe.
 */
final class OffsetIndex {

    private static final long SPACING = 1 << 20;

    /**
     * @param position of a line's first byte in the file
     * @param content bytes of content before it
     */
    record Mark(long position, long content) {
        static final Mark START = new Mark(0, 0);
    }

    /** By content. */
    private final TreeMap<Long, Mark> marks = new TreeMap<>(Map.of(0L, Mark.START));

    private Mark end = Mark.START;

    /** Takes over what a reader that came from {@link #end} or before found out. */
    void learn(Mark mark) {
        if (mark.position() > end.position()) {
            end = mark;
            if (mark.position() - marks.lastEntry().getValue().position() >= SPACING) {
                marks.put(mark.content(), mark);
            }
        }
    }

    /** Counts up to the last whole line in the file. */
    Mark countTo(FileChannel file) throws IOException {
        if (file.size() == end.position()) {
            return end;
        }
        LogBlocks blocks = new LogBlocks(file, end.position());
        LogLine line = new LogLine();
        long content = end.content();
        long nextMark = end.position() + SPACING;
        while (blocks.next(line)) {
            content += line.contentLength();
            if (blocks.position() >= nextMark) {
                learn(new Mark(blocks.position(), content));
                nextMark = blocks.position() + SPACING;
            }
        }
        learn(new Mark(blocks.position(), content));
        return end;
    }

    /** The last line that begins at or before this content offset, which must have been counted. */
    Mark lineAt(FileChannel file, long content) throws IOException {
        Mark mark = marks.floorEntry(content).getValue();
        LogBlocks blocks = new LogBlocks(file, mark.position());
        LogLine line = new LogLine();
        while (mark.content() < content && blocks.next(line)) {
            long after = mark.content() + line.contentLength();
            if (after > content) {
                break;
            }
            mark = new Mark(blocks.position(), after);
        }
        return mark;
    }
}
