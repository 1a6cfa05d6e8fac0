package io.berth.engine.stdio;

import io.berth.engine.OutputListener;
import io.berth.engine.OutputStreamKind;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Keeps what it hears. */
class RecordingListener implements OutputListener {

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final List<Long> losses = new ArrayList<>();
    private long first = -1;
    private long next = -1;
    private int calls;
    private boolean ended;
    private String wrong = "";

    @Override
    public synchronized void output(OutputStreamKind kind, long offset, ByteBuffer buffer) {
        if (ended) {
            wrong += "output after the end; ";
        }
        if (!buffer.hasRemaining()) {
            wrong += "empty output; ";
        }
        if (first < 0) {
            first = offset;
        } else if (offset != next) {
            wrong += "offset " + offset + " after " + next + "; ";
        }
        calls++;
        next = offset + buffer.remaining();
        byte[] copy = new byte[buffer.remaining()];
        buffer.get(copy);
        bytes.writeBytes(copy);
        heard(kind, offset, copy);
    }

    /** For a subclass to look at, or to pause. */
    void heard(OutputStreamKind kind, long offset, byte[] copy) {}

    @Override
    public synchronized void lost(long nextOffset) {
        losses.add(nextOffset);
        if (first >= 0) {
            next = nextOffset;
        }
    }

    @Override
    public synchronized void end() {
        if (ended) {
            wrong += "ended twice; ";
        }
        ended = true;
    }

    synchronized String text() {
        return bytes.toString(StandardCharsets.UTF_8);
    }

    synchronized long firstOffset() {
        return first;
    }

    synchronized long nextOffset() {
        return next;
    }

    synchronized int calls() {
        return calls;
    }

    synchronized List<Long> losses() {
        return List.copyOf(losses);
    }

    synchronized boolean ended() {
        return ended;
    }

    synchronized String wrong() {
        return wrong;
    }
}
