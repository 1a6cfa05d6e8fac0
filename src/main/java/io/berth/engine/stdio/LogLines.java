package io.berth.engine.stdio;

import java.io.IOException;
import java.nio.channels.FileChannel;
import org.jspecify.annotations.Nullable;

/**
 * Reads the lines of a log forward across its files, following conmon from one to the next. The block read into is
 * borrowed between {@link #borrow} and {@link #giveBack}, so that a waiting reader holds no memory. Not thread-safe.
 */
final class LogLines implements AutoCloseable {

    private final ContainerLog log;
    private Generation generation;
    private FileChannel file;
    private long position;
    /** Whether conmon had left the file for another when it was last read to its end, so that nothing can follow. */
    private boolean sealed;

    private @Nullable LogBlocks blocks;

    private LogLines(ContainerLog log, Generation generation, FileChannel file, long position) {
        this.log = log;
        this.generation = generation;
        this.file = file;
        this.position = position;
    }

    /** Begins at a place, or at the oldest that there is should the file just have gone. */
    static LogLines open(ContainerLog log, Generation generation, long position) throws IOException {
        Generation wanted = generation;
        long from = position;
        while (true) {
            FileChannel file = log.openFile(wanted.sequence());
            if (file != null) {
                return new LogLines(log, wanted, file, from);
            }
            wanted = log.generations().get(0);
            from = 0;
        }
    }

    void borrow(LogBlocks lent) {
        lent.moveTo(file, position);
        blocks = lent;
    }

    void giveBack() {
        if (blocks != null) {
            position = blocks.position();
            blocks = null;
        }
    }

    /** The file of the last line; or of the next, when there was none. */
    Generation generation() {
        return generation;
    }

    /** Where the line after the last one begins. */
    long position() {
        return blocks == null ? position : blocks.position();
    }

    /** Puts back the last line, which began at this position of the present file. */
    void backTo(long lineStart) {
        giveBack();
        position = lineStart;
    }

    /** Reads the next line; false if there is none yet. */
    boolean next(LogLine line) throws IOException {
        LogBlocks borrowed = blocks;
        if (borrowed == null) {
            throw new IllegalStateException("no block was lent");
        }
        while (!borrowed.next(line)) {
            if (!sealed) {
                log.rotate();
                if (log.after(generation.sequence()) == null) {
                    return false;
                }
                // look again: lines may have come between reading to the end and the replacement
                sealed = true;
            } else if (!moveOn(borrowed)) {
                return false;
            }
        }
        return true;
    }

    private boolean moveOn(LogBlocks borrowed) throws IOException {
        Generation next = log.after(generation.sequence());
        FileChannel opened = next == null ? null : log.openFile(next.sequence());
        if (next == null || opened == null) {
            return false;
        }
        file.close();
        generation = next;
        file = opened;
        sealed = false;
        borrowed.moveTo(file, 0);
        return true;
    }

    @Override
    public void close() {
        blocks = null;
        try {
            file.close();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException("closing a log file that was only read", e);
        }
    }
}
