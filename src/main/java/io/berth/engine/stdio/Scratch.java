package io.berth.engine.stdio;

import java.nio.ByteBuffer;

/**
 * Buffers that all streams of an event loop share, as it serves one at a time: a waiting stream holds no memory. What is
 * in them is gone when another stream has its turn.
 */
final class Scratch {

    /** Output is handed on in pieces of up to this size. */
    static final int PIECE = 128 << 10;
    /** No message from conmon is longer (8 KiB and a byte today), and none to it may be (it reads 32 KiB at most). */
    static final int MESSAGE = 32 << 10;

    private static final ThreadLocal<Scratch> OF_THREAD = ThreadLocal.withInitial(Scratch::new);

    final ByteBuffer packets = ByteBuffer.allocateDirect(PIECE + MESSAGE + 1);
    /** For input, which a listener may send while it is called with what is in {@link #packets}. */
    final ByteBuffer message = ByteBuffer.allocateDirect(MESSAGE);

    final byte[] piece = new byte[PIECE];
    final LogBlocks blocks = new LogBlocks();
    final LogLine line = new LogLine();

    private Scratch() {}

    static Scratch ofThisThread() {
        return OF_THREAD.get();
    }
}
