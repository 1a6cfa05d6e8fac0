package io.berth.execs;

import io.berth.engine.ProcessStream;
import java.nio.ByteBuffer;

/** Gives a process all its input, piece by piece as it takes it, and then the end of it. */
final class InputFeeder {

    private static final int PIECE = 64 << 10;

    private final ProcessStream process;
    private final ByteBuffer input;

    InputFeeder(ProcessStream process, byte[] input) {
        this.process = process;
        this.input = ByteBuffer.wrap(input);
    }

    void feed() {
        if (!input.hasRemaining()) {
            process.closeInput();
            return;
        }
        int count = Math.min(PIECE, input.remaining());
        ByteBuffer piece = input.slice(input.position(), count);
        input.position(input.position() + count);
        // a process that closes its input does not want the rest
        process.write(piece).thenRun(this::feed);
    }
}
