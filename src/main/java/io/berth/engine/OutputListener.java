package io.berth.engine;

import java.nio.ByteBuffer;

/**
 * Receives a process's output. Called on the engine's event loop: return fast, never block. The buffer is valid only
 * during the call.
 */
public interface OutputListener {

    /**
     * @param offset of the buffer's first byte in the stream since the process started, both kinds counted together
     */
    void output(OutputStreamKind kind, long offset, ByteBuffer bytes);

    /** Bytes up to {@code nextOffset} can no longer be had: the log was rotated away, or this reader was too slow. */
    void lost(long nextOffset);

    /** There is no more output. The exit, if the process has ended, comes by {@link ProcessStream#exit()}. */
    void end();
}
