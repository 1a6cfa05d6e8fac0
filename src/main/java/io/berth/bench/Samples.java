package io.berth.bench;

import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.stream.DoubleStream;

/**
 * Measured values, sorted.
 *
 * @param sorted at least one
 */
record Samples(double[] sorted) {

    Samples {
        if (sorted.length == 0) {
            throw new IllegalArgumentException("nothing was measured");
        }
        sorted = sorted.clone();
        Arrays.sort(sorted);
    }

    /** Milliseconds that each of so many runs takes, after some that are not counted. */
    static Samples time(int warmUps, int runs, Callable<?> action) throws Exception {
        for (int i = 0; i < warmUps; i++) {
            action.call();
        }
        double[] millis = new double[runs];
        for (int i = 0; i < runs; i++) {
            long start = System.nanoTime();
            action.call();
            millis[i] = (System.nanoTime() - start) / 1e6;
        }
        return new Samples(millis);
    }

    /** These and others. */
    Samples and(Samples others) {
        return new Samples(DoubleStream.concat(Arrays.stream(sorted), Arrays.stream(others.sorted))
                .toArray());
    }

    /** The smallest value that this share of the values does not exceed (nearest rank). */
    double percentile(int percent) {
        int rank = (int) Math.ceil(percent / 100.0 * sorted.length);
        return sorted[Math.max(0, rank - 1)];
    }
}
