package io.berth.api.ratelimit;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Token buckets that hold a minute's worth and fill evenly. Of each only one number is kept, the time at which it will be full
 * again (the generic cell rate algorithm), and of full ones nothing. Never blocks.
 */
final class Buckets<K> {

    static final long PERIOD = TimeUnit.MINUTES.toNanos(1);

    private final int keptAtMost;
    private final LongSupplier nanoTime;
    private final Map<K, Long> fullAt = new ConcurrentHashMap<>();

    Buckets(int keptAtMost, LongSupplier nanoTime) {
        this.keptAtMost = keptAtMost;
        this.nanoTime = nanoTime;
    }

    /**
     * How a bucket stands.
     *
     * @param remaining what could be taken at once
     * @param nanosToFull until it is full
     * @param nanosToNext until one can be taken, 0 if one was
     */
    record State(boolean granted, long remaining, long nanosToFull, long nanosToNext) {}

    /** Takes one, or tells when there will be one. */
    State take(K key, long perMinute) {
        if (fullAt.size() >= keptAtMost) {
            makeRoom();
        }
        long now = nanoTime.getAsLong();
        long interval = interval(perMinute);
        boolean[] granted = new boolean[1];
        long full = fullAt.compute(key, (any, old) -> {
            long next = interval + (old == null ? 0 : Math.max(0, old - now));
            granted[0] = next <= PERIOD;
            return granted[0] || old == null ? now + next : old;
        });
        return state(granted[0], full - now, interval);
    }

    /** How it stands, without taking. */
    State look(K key, long perMinute) {
        long now = nanoTime.getAsLong();
        Long full = fullAt.get(key);
        long toFull = full == null ? 0 : Math.max(0, full - now);
        long interval = interval(perMinute);
        return state(toFull + interval <= PERIOD, toFull, interval);
    }

    private static State state(boolean granted, long toFull, long interval) {
        long remaining = Math.max(0, (PERIOD - toFull) / interval);
        return new State(granted, remaining, toFull, granted ? 0 : toFull + interval - PERIOD);
    }

    private static long interval(long perMinute) {
        return Math.max(1, PERIOD / perMinute);
    }

    /** Forgets full buckets, which is what absent ones are; if that is not enough, a tenth of the rest, whichever. */
    private void makeRoom() {
        long now = nanoTime.getAsLong();
        fullAt.values().removeIf(full -> full - now <= 0);
        int excess = fullAt.size() - keptAtMost + keptAtMost / 10;
        if (fullAt.size() >= keptAtMost) {
            fullAt.keySet().stream().limit(excess).forEach(fullAt::remove);
        }
    }

    int size() {
        return fullAt.size();
    }
}
