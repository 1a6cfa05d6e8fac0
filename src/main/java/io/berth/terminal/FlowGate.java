package io.berth.terminal;

import io.berth.engine.ProcessStream;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/**
 * Makes a stream pause and go on as last decided, though decisions come from several threads: one of them carries out, outside
 * any lock, what the others decide meanwhile. Both are cheap and may be repeated.
 */
final class FlowGate {

    private final ProcessStream stream;
    private final BooleanSupplier wanted;
    private final AtomicInteger decisions = new AtomicInteger();
    private final AtomicBoolean unsure = new AtomicBoolean();
    private volatile boolean applied;

    /** @param wanted the latest decision: whether the stream shall be paused */
    FlowGate(ProcessStream stream, BooleanSupplier wanted) {
        this.stream = stream;
        this.wanted = wanted;
    }

    /** To be called after every decision. A pause that was decided before is in force when this returns. */
    void apply() {
        if (decisions.get() == 0 && !unsure.get() && applied == wanted.getAsBoolean()) {
            return;
        }
        if (decisions.get() != 0 && wanted.getAsBoolean()) {
            // whoever is at it may be held up in a resume, and the process would outrun every bound meanwhile
            stream.pause();
            // and not before: others might have decided, and carried out, something else while this one was held up
            unsure.set(true);
        }
        if (decisions.getAndIncrement() == 0) {
            carryOut();
        }
    }

    private void carryOut() {
        int seen = 1;
        while (seen != 0) {
            boolean redo = unsure.getAndSet(false);
            boolean pause = wanted.getAsBoolean();
            if (redo || pause != applied) {
                applied = pause;
                if (pause) {
                    stream.pause();
                } else {
                    stream.resume();
                }
            }
            seen = decisions.addAndGet(-seen);
        }
    }
}
