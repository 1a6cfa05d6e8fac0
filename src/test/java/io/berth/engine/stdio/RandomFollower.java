package io.berth.engine.stdio;

import io.berth.engine.OutputStreamKind;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Compares what a stream delivers with what was written, and pauses it at random. */
final class RandomFollower extends RecordingListener {

    private final RandomOutput output;
    private final ConmonStream stream;
    private final Random random;
    private final long since;
    private String mismatch = "";

    RandomFollower(long since, ConmonStream stream, RandomOutput output, long seed) {
        this.since = since;
        this.output = output;
        this.stream = stream;
        this.random = new Random(seed);
        stream.listen(since, this);
    }

    /** What is right for one that wanted what comes next, and came after the end. */
    long nothingHeard() {
        return since < 0 ? -1 : output.length();
    }

    @Override
    void heard(OutputStreamKind kind, long offset, byte[] copy) {
        mismatch += output.mismatch(kind, offset, copy);
        if (random.nextInt(20) == 0) {
            stream.pause();
            CompletableFuture.delayedExecutor(random.nextInt(2000), TimeUnit.MICROSECONDS)
                    .execute(stream::resume);
        }
    }

    @Override
    synchronized String wrong() {
        return super.wrong() + mismatch;
    }
}
