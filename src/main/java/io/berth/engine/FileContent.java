package io.berth.engine;

import java.nio.ByteBuffer;

/** A regular file that is open for reading, whatever becomes of its name and its container meanwhile. Thread-safe. */
public interface FileContent extends AutoCloseable {

    /** As it was when it was opened. */
    FileInfo info();

    /**
     * Reads from a place in it. Blocks for the disk.
     *
     * @param buffer a direct one
     * @return bytes read, -1 at the end
     * @throws IllegalStateException after {@link #close}
     */
    int read(long offset, ByteBuffer buffer);

    /** Repeatable. Waits for a read under way. */
    @Override
    void close();
}
