package io.berth.execs;

import io.berth.engine.OutputListener;
import io.berth.engine.OutputStreamKind;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;

/** Keeps the first bytes of each output stream and drops the rest, so that the process never waits. */
final class BoundedOutput implements OutputListener {

    private final long bound;
    private final ByteArrayOutputStream stdout = new ByteArrayOutputStream();
    private final ByteArrayOutputStream stderr = new ByteArrayOutputStream();
    private boolean truncated;

    BoundedOutput(long bound) {
        this.bound = bound;
    }

    @Override
    public synchronized void output(OutputStreamKind kind, long offset, ByteBuffer bytes) {
        ByteArrayOutputStream to = kind == OutputStreamKind.STDOUT ? stdout : stderr;
        byte[] kept = new byte[(int) Math.min(bytes.remaining(), bound - to.size())];
        truncated |= kept.length < bytes.remaining();
        bytes.get(kept);
        to.writeBytes(kept);
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
