package io.berth.execs;

import io.berth.engine.OutputListener;
import io.berth.engine.OutputStreamKind;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

/** Keeps the first bytes of each output stream and wants no more, so that the process never waits for long. */
final class BoundedOutput implements OutputListener {

    private final long bound;
    private final Consumer<OutputStreamKind> whenFull;
    private final ByteArrayOutputStream stdout = new ByteArrayOutputStream();
    private final ByteArrayOutputStream stderr = new ByteArrayOutputStream();
    private boolean truncated;

    /** @param whenFull is told of each stream that had more than is kept, at least once */
    BoundedOutput(long bound, Consumer<OutputStreamKind> whenFull) {
        this.bound = bound;
        this.whenFull = whenFull;
    }

    @Override
    public synchronized void output(OutputStreamKind kind, long offset, ByteBuffer bytes) {
        ByteArrayOutputStream to = kind == OutputStreamKind.STDOUT ? stdout : stderr;
        byte[] kept = new byte[(int) Math.min(bytes.remaining(), bound - to.size())];
        boolean full = kept.length < bytes.remaining();
        bytes.get(kept);
        to.writeBytes(kept);
        if (full) {
            truncated = true;
            whenFull.accept(kind);
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

    synchronized byte[] stdout() {
        return stdout.toByteArray();
    }

    synchronized byte[] stderr() {
        return stderr.toByteArray();
    }

    synchronized boolean truncated() {
        return truncated;
    }
}
