package io.berth.engine;

import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A listener that keeps what it hears, and checks that offsets add up. */
public final class Received implements OutputListener {

    private final ByteArrayOutputStream stdout = new ByteArrayOutputStream();
    private final ByteArrayOutputStream stderr = new ByteArrayOutputStream();
    private final List<Long> losses = new ArrayList<>();
    private long next = -1;
    private long first = -1;
    private boolean ended;

    @Override
    public synchronized void output(OutputStreamKind kind, long offset, ByteBuffer bytes) {
        if (next >= 0 && offset != next) {
            throw new AssertionError("offset " + offset + " after " + next);
        }
        if (ended) {
            throw new AssertionError("output after the end");
        }
        if (first < 0) {
            first = offset;
        }
        next = offset + bytes.remaining();
        byte[] copy = new byte[bytes.remaining()];
        bytes.get(copy);
        (kind == OutputStreamKind.STDOUT ? stdout : stderr).writeBytes(copy);
    }

    @Override
    public synchronized void lost(long nextOffset) {
        losses.add(nextOffset);
        next = nextOffset;
    }

    @Override
    public synchronized void end() {
        ended = true;
    }

    public synchronized String stdout() {
        return stdout.toString(StandardCharsets.UTF_8);
    }

    public synchronized String stderr() {
        return stderr.toString(StandardCharsets.UTF_8);
    }

    public synchronized int size() {
        return stdout.size() + stderr.size();
    }

    /** Offset of the first byte heard, or -1. */
    public synchronized long first() {
        return first;
    }

    /** Offset after the last byte heard, or -1. */
    public synchronized long next() {
        return next;
    }

    public synchronized List<Long> losses() {
        return List.copyOf(losses);
    }

    public synchronized boolean ended() {
        return ended;
    }

    public void awaitStdout(String part) {
        await().atMost(Duration.ofSeconds(20)).until(() -> stdout().contains(part));
    }
}
