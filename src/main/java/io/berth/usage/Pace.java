package io.berth.usage;

import io.berth.engine.WalkPace;
import java.util.concurrent.TimeUnit;

/** So many entries in each second, whichever walks they are of. For one thread. */
final class Pace implements WalkPace {

    /** Sleeps are not worth while below. */
    private static final long SHORTEST_SLEEP = TimeUnit.MILLISECONDS.toNanos(20);

    private final long nanosEach;
    private long free = System.nanoTime();

    Pace(int perSecond) {
        this.nanosEach = TimeUnit.SECONDS.toNanos(1) / perSecond;
    }

    @Override
    public void next() throws InterruptedException {
        long now = System.nanoTime();
        // what was not used of the time is not saved up
        free = (now - free > 0 ? now : free) + nanosEach;
        if (free - now > SHORTEST_SLEEP) {
            TimeUnit.NANOSECONDS.sleep(free - now);
        }
    }
}
