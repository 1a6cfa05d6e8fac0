package io.berth.engine.stdio;

import io.berth.engine.OutputStreamKind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds where the last lines of a log begin, by reading it backward. */
final class LogTailFinder {

    private final byte[] block = new byte[LogBlocks.BLOCK];
    private final LogLine line = new LogLine();
    private final ContainerLog log;
    private final @Nullable OutputStreamKind counted;
    private int wanted;
    private boolean first = true;

    private LogTailFinder(ContainerLog log, int wanted, @Nullable OutputStreamKind counted) {
        this.log = log;
        this.counted = counted;
        this.wanted = wanted;
    }

    /**
     * The place after which there are this many lines, a last one without its end included; fewer if the log is short. Reads the
     * files of the log once at most.
     *
     * @param counted the stream whose lines are meant; both if {@code null}
     */
    static LogCursor find(ContainerLog log, int lines, @Nullable OutputStreamKind counted) throws IOException {
        if (lines < 0) {
            throw new IllegalArgumentException("the number of lines must not be negative: " + lines);
        }
        return new LogTailFinder(log, lines, counted).find();
    }

    private LogCursor find() throws IOException {
        List<Generation> generations = log.generations();
        LogCursor start = new LogCursor(generations.get(0).sequence(), 0);
        for (int i = generations.size() - 1; i >= 0; i--) {
            long sequence = generations.get(i).sequence();
            try (FileChannel file = log.openFile(sequence)) {
                if (file == null) {
                    return start;
                }
                long position = find(file);
                start = new LogCursor(sequence, Math.max(position, 0));
                if (position >= 0) {
                    return start;
                }
            }
        }
        return start;
    }

    /** The position in this file, or -1 if all of it is wanted and perhaps more before. */
    private long find(FileChannel file) throws IOException {
        long end = file.size();
        while (end > 0) {
            long from = Math.max(0, end - block.length);
            int length = read(file, from, (int) (end - from));
            int lineEnd = LineFeeds.last(block, 0, length);
            while (lineEnd >= 0) {
                int before = LineFeeds.last(block, 0, lineEnd);
                if (before < 0 && from > 0) {
                    break;
                }
                if (K8sLogParser.parse(block, before + 1, lineEnd, line) && (counted == null || line.kind == counted)) {
                    if ((line.complete || first) && wanted-- == 0) {
                        return from + lineEnd + 1;
                    }
                    first = false;
                }
                lineEnd = before;
            }
            // what is left over begins in the block before; if it fills a whole one, it is no line and is passed over
            long next = lineEnd < 0 || lineEnd == block.length - 1 ? from : from + lineEnd + 1;
            end = next < end ? next : from;
        }
        return -1;
    }

    private int read(FileChannel file, long from, int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(block, 0, length);
        while (buffer.hasRemaining()) {
            if (file.read(buffer, from + buffer.position()) < 0) {
                break;
            }
        }
        return buffer.position();
    }
}
