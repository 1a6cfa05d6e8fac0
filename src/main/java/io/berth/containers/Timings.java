package io.berth.containers;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/** Measures the phases of a start, in milliseconds with two decimals. */
final class Timings {

    private final long begun = System.nanoTime();
    private final Map<String, Double> phases = new LinkedHashMap<>();

    <T> T measure(String phase, Supplier<T> work) {
        long start = System.nanoTime();
        T result = work.get();
        phases.put(phase, millis(System.nanoTime() - start));
        return result;
    }

    void measure(String phase, Runnable work) {
        measure(phase, () -> {
            work.run();
            return phase;
        });
    }

    void add(Map<String, Duration> measured) {
        measured.forEach((phase, time) -> phases.put(phase, millis(time.toNanos())));
    }

    /** Everything so far, and {@code total}. */
    Map<String, Double> finish() {
        Map<String, Double> all = new LinkedHashMap<>(phases);
        all.put("total", millis(System.nanoTime() - begun));
        return all;
    }

    private static double millis(long nanos) {
        return Math.round(nanos / 10_000.0) / 100.0;
    }
}
