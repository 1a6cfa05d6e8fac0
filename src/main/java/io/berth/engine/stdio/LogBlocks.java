package io.berth.engine.stdio;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import org.jspecify.annotations.Nullable;

/**
 * Reads the whole lines of one log file forward, block by block. What follows the last line feed is left in the file:
 * conmon may be in the middle of writing it. Not thread-safe; one can serve several files in turn, as its only state
 * worth keeping is {@link #position()}.
 */
final class LogBlocks {

    /** Holds conmon's longest line (8 KiB of content) many times over; anything longer is not a line of its. */
    static final int BLOCK = 64 << 10;

    private final byte[] block = new byte[BLOCK];
    private final ByteBuffer buffer = ByteBuffer.wrap(block);

    private @Nullable FileChannel file;
    private long blockPosition;
    private int next;
    private int filled;

    LogBlocks() {}

    LogBlocks(FileChannel file, long position) {
        moveTo(file, position);
    }

    /** Goes on with another file, or another place. */
    void moveTo(FileChannel file, long position) {
        this.file = file;
        this.blockPosition = position;
        this.next = 0;
        this.filled = 0;
    }

    /** Where the line after the last one returned begins. */
    long position() {
        return blockPosition + next;
    }

    /**
     * Reads the next line.
     *
     * @return false if there is no further whole line; there may be one later
     */
    boolean next(LogLine line) throws IOException {
        while (true) {
            int end = LineFeeds.next(block, next, filled);
            if (end >= 0) {
                int start = next;
                next = end + 1;
                if (K8sLogParser.parse(block, start, end, line)) {
                    return true;
                }
            } else if (!fill()) {
                return false;
            }
        }
    }

    private boolean fill() throws IOException {
        int kept = filled - next;
        if (kept == BLOCK) {
            // no line is as long as that: what a crash left, to be skipped up to the next line feed
            kept = 0;
            next = filled;
        }
        System.arraycopy(block, filled - kept, block, 0, kept);
        blockPosition += filled - kept;
        next = 0;
        filled = kept;
        buffer.limit(BLOCK).position(filled);
        int count = file == null ? -1 : file.read(buffer, blockPosition + filled);
        if (count <= 0) {
            return false;
        }
        filled += count;
        return true;
    }
}
