package io.berth.engine.local;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** Times the steps of a creation. */
final class Phases {

    private final Map<String, Duration> durations = new LinkedHashMap<>();
    private long mark = System.nanoTime();

    /** Ends a phase that began when the one before it ended. */
    void end(String name) {
        long now = System.nanoTime();
        durations.put(name, Duration.ofNanos(now - mark));
        mark = now;
    }

    Map<String, Duration> durations() {
        return new LinkedHashMap<>(durations);
    }
}
