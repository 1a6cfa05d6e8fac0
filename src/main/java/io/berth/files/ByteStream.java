package io.berth.files;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Bytes on their way to a client, read as it takes them. Reads block for the disk. */
public interface ByteStream extends AutoCloseable {

    /** How many there will be, -1 if that is not known. */
    long length();

    /**
     * Reads on.
     *
     * @param buffer a direct one
     * @return -1 at the end
     */
    int read(ByteBuffer buffer) throws IOException;

    /** Repeatable, on any thread. */
    @Override
    void close();
}
