package io.berth.audit;

import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;

/**
 * Bounds how much anybody can write into the audit by being refused: so many entries a minute from one origin, and from all. What
 * was left out is counted and told with the next entry that is not.
 */
public final class RefusalLimit {

    private static final int MOST_ORIGINS = 1000;
    private static final long WINDOW_MILLIS = 60_000;

    private final Clock clock;
    private final int fromOne;
    private final int fromAll;
    private final Map<String, Integer> origins = new HashMap<>();
    private long window;
    private int total;
    private long leftOut;

    /** @param fromOne entries a minute from one origin */
    public RefusalLimit(Clock clock, int fromOne, int fromAll) {
        this.clock = clock;
        this.fromOne = fromOne;
        this.fromAll = fromAll;
    }

    /** How many were left out since the last that was not; empty if this one is to be left out too. */
    public synchronized OptionalLong admit(String origin) {
        long now = clock.millis() / WINDOW_MILLIS;
        if (now != window) {
            window = now;
            total = 0;
            origins.clear();
        }
        String key = origins.size() < MOST_ORIGINS || origins.containsKey(origin) ? origin : "";
        int count = origins.merge(key, 1, Integer::sum);
        if (count > fromOne || ++total > fromAll) {
            leftOut++;
            return OptionalLong.empty();
        }
        long before = leftOut;
        leftOut = 0;
        return OptionalLong.of(before);
    }
}
