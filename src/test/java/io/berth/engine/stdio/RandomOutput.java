package io.berth.engine.stdio;

import static io.berth.engine.OutputStreamKind.STDERR;
import static io.berth.engine.OutputStreamKind.STDOUT;

import io.berth.engine.OutputStreamKind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

/** What a process writes at random moments: chunks of any size and kind, with line feeds anywhere. */
final class RandomOutput {

    private final byte[] bytes = new byte[4_000_000];
    private final boolean[] stderr = new boolean[bytes.length];
    private final List<Integer> ends = new ArrayList<>();
    private final Random random;

    RandomOutput(Random random) {
        this.random = random;
        random.nextBytes(bytes);
        int lineLength = 20 + random.nextInt(200);
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = random.nextInt(lineLength) == 0 ? (byte) '\n' : bytes[i] == '\n' ? (byte) 'n' : bytes[i];
        }
        for (int from = 0; from < bytes.length; ) {
            int length = random.nextBoolean() ? FakeConmon.CHUNK : 1 + random.nextInt(300);
            int to = Math.min(bytes.length, from + length);
            Arrays.fill(stderr, from, to, random.nextInt(5) == 0);
            ends.add(to);
            from = to;
        }
    }

    /** The length of it all, in bytes. */
    long length() {
        return bytes.length;
    }

    /** Writes everything, with pauses; returns when the last chunk is out. */
    void emitAll(FakeConmon conmon) throws IOException {
        int from = 0;
        for (int to : ends) {
            conmon.emit(stderr[from] ? STDERR : STDOUT, Arrays.copyOfRange(bytes, from, to));
            from = to;
            if (random.nextInt(100) == 0) {
                LockSupport.parkNanos(random.nextInt(3_000_000));
            }
        }
    }

    /** Says in words what of this, heard at that offset, was not written there; empty if it is exact. */
    String mismatch(OutputStreamKind kind, long offset, byte[] heard) {
        String wrong = "";
        int from = (int) offset;
        if (!Arrays.equals(heard, 0, heard.length, bytes, from, from + heard.length)) {
            wrong += "other bytes at " + offset + "; ";
        }
        for (int i = from; i < from + heard.length; i++) {
            if (stderr[i] != (kind == STDERR)) {
                return wrong + "other kind at " + i + "; ";
            }
        }
        return wrong;
    }
}
