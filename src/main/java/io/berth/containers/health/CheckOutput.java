package io.berth.containers.health;

import io.berth.engine.OutputListener;
import io.berth.engine.OutputStreamKind;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** Keeps the first bytes that a check writes, to whichever stream; it never waits for the rest to be read. */
final class CheckOutput implements OutputListener {

    static final int KEPT = 4 << 10;

    private final Consumer<OutputStreamKind> discard;
    private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
    private boolean truncated;

    /** @param discard is told of each stream of which no more is wanted */
    CheckOutput(Consumer<OutputStreamKind> discard) {
        this.discard = discard;
    }

    @Override
    public synchronized void output(OutputStreamKind kind, long offset, ByteBuffer bytes) {
        byte[] some = new byte[Math.min(bytes.remaining(), KEPT - kept.size())];
        bytes.get(some);
        kept.writeBytes(some);
        if (bytes.hasRemaining()) {
            truncated = true;
            discard.accept(kind);
        }
    }

    @Override
    public synchronized void lost(long nextOffset) {
        truncated = true;
    }

    @Override
    public void end() {
        // the exit tells
    }

    /** What is no text, as the cut in a character, is shown as U+FFFD. */
    synchronized String text() {
        return kept.toString(StandardCharsets.UTF_8);
    }

    synchronized boolean truncated() {
        return truncated;
    }
}
