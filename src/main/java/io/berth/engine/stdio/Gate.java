package io.berth.engine.stdio;

import io.berth.engine.OutputListener;
import io.berth.engine.OutputStreamKind;
import java.nio.ByteBuffer;
import java.util.function.BooleanSupplier;

/** The way to a listener, which may close it ({@link io.berth.engine.ProcessStream#pause}) while it is called. */
final class Gate {

    private final OutputListener listener;
    private final BooleanSupplier open;
    private boolean ended;

    Gate(OutputListener listener, BooleanSupplier open) {
        this.listener = listener;
        this.open = open;
    }

    boolean isOpen() {
        return open.getAsBoolean();
    }

    void output(OutputStreamKind kind, long offset, ByteBuffer bytes) {
        listener.output(kind, offset, bytes);
    }

    void lost(long nextOffset) {
        listener.lost(nextOffset);
    }

    void end() {
        if (!ended) {
            ended = true;
            listener.end();
        }
    }
}
