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
    /** Of each client. */
    private static final int WARM_UPS = Areas.WARM_UPS / CLIENTS;

    private Parallel() {}

    /** How often per second it is done by all clients together, after some times that are not counted. */
    static double rate(int each, Callable<?> action) throws Exception {
        ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
        try {
            double unused = rate(clients, WARM_UPS, action);
            return rate(clients, each, action);
        } finally {
            clients.shutdownNow();
            clients.awaitTermination(1, TimeUnit.MINUTES);
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
