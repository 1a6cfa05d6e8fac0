package io.berth.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Clients that do the same at the same time. */
final class Parallel {

    static final int CLIENTS = 8;
    /** Of each client, in a round. */
    private static final int WARM_UPS = Areas.WARM_UPS / CLIENTS / 2;

    private static final int MOST_ROUNDS = 12;
    private static final double FASTER = 1.05;
    /** So many rounds that are no faster than the best before them mean that it is warm. */
    private static final int ENOUGH = 2;

    private Parallel() {}

    /**
     * How often per second it is done by all clients together, after so many rounds that are not counted that it does not get faster
     * any more: a server that has only just begun needs more of them than one that was measured before.
     */
    static double rate(int each, Callable<?> action) throws Exception {
        ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
        try {
            warmUp(clients, action);
            return rate(clients, each, action);
        } finally {
            clients.shutdownNow();
            clients.awaitTermination(1, TimeUnit.MINUTES);
        }
    }

    private static void warmUp(ExecutorService clients, Callable<?> action) throws Exception {
        double best = 0;
        int noFaster = 0;
        for (int round = 0; round < MOST_ROUNDS && noFaster < ENOUGH; round++) {
            double rate = rate(clients, WARM_UPS, action);
            noFaster = rate < best * FASTER ? noFaster + 1 : 0;
            best = Math.max(best, rate);
        }
    }

    private static double rate(ExecutorService clients, int each, Callable<?> action) throws Exception {
        List<Future<?>> all = new ArrayList<>();
        long start = System.nanoTime();
        for (int client = 0; client < CLIENTS; client++) {
            all.add(clients.submit(() -> {
                for (int i = 0; i < each; i++) {
                    action.call();
                }
                return null;
            }));
        }
        for (Future<?> one : all) {
            one.get();
        }
        return CLIENTS * each / ((System.nanoTime() - start) / 1e9);
    }
}
