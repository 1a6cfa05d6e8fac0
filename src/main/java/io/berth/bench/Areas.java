package io.berth.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/**
 * What is measured over the API, each on containers of its own that are deleted afterwards. Nothing is counted before the
 * server has done the same some hundred times, as often as it takes until its code for it is compiled: a server that has
 * just been started, or made its code fast for something else, would be measured at that.
 */
record Areas(Api api, int runs) {

    private static final String[] IDLE = {"sleep", "100000"};
    private static final String FLOOD = "read line; exec dd if=/dev/zero bs=65536 count=%d 2>/dev/null";
    static final int FLOOD_BLOCKS = 8192;
    private static final long FLOOD_BYTES = 65_536L * FLOOD_BLOCKS;
    static final int WARM_UPS = 300;
    static final int ECHO_WARM_UPS = 200;
    static final int FLOODS = 3;
    private static final int LISTED = 50;

    /** The container is deleted outside of what is timed. */
    Samples createToRunning() throws Exception {
        double[] millis = new double[runs];
        for (int i = -WARM_UPS; i < runs; i++) {
            long start = System.nanoTime();
            String container = api.create(IDLE);
            double time = (System.nanoTime() - start) / 1e6;
            if (i >= 0) {
                millis[i] = time;
            }
            api.delete(container);
        }
        return new Samples(millis);
    }

    Samples exec() throws Exception {
        return inContainer(container -> Samples.time(WARM_UPS, runs, () -> api.run(container, "true")));
    }

    /** From a key to its echo, through a process on a terminal in raw mode. */
    Samples echo() throws Exception {
        return inContainer(container -> {
            String exec = api.start(container, true, "sh", "-c", "stty raw -echo; printf r; exec cat");
            try (Stream stream = Stream.open(api, api.attachExec(container, exec))) {
                stream.awaitReceived(1);
                return Samples.time(ECHO_WARM_UPS, runs * 10, () -> {
                    long before = stream.received();
                    stream.write("x");
                    stream.awaitReceived(before + 1);
                    return before;
                });
            }
        });
    }

    /** MB/s of a main process's output, which conmon passes on and writes to the log: the middle of several. */
    Samples mainOutput() throws Exception {
        return floods(this::mainFlood);
    }

    private double mainFlood() throws IOException {
        String container = api.create(true, "sh", "-c", FLOOD.formatted(FLOOD_BLOCKS));
        try (Stream stream = Stream.open(api, api.attachMain(container))) {
            return flood(stream);
        } finally {
            api.delete(container);
        }
    }

    /** MB/s of an exec's output, which comes over plain pipes: the middle of several. */
    Samples execOutput() throws Exception {
        return inContainer(container -> floods(() -> {
            String exec = api.start(container, false, "sh", "-c", FLOOD.formatted(FLOOD_BLOCKS));
            try (Stream stream = Stream.open(api, api.attachExec(container, exec))) {
                return flood(stream);
            }
        }));
    }

    /** One that is not counted, then some. */
    private static Samples floods(Callable<Double> flood) throws Exception {
        double unused = flood.call();
        double[] rates = new double[FLOODS];
        for (int i = 0; i < FLOODS; i++) {
            rates[i] = flood.call();
        }
        return new Samples(rates);
    }

    private static double flood(Stream stream) throws IOException {
        long start = System.nanoTime();
        stream.write("go\n");
        stream.awaitReceived(FLOOD_BYTES);
        return FLOOD_BYTES / 1e6 / ((System.nanoTime() - start) / 1e9);
    }

    /** Containers per second that are created, run a command to its end and deleted, so many at a time. */
    double parallel() throws Exception {
        return Parallel.rate(Math.max(5, runs / (Parallel.CLIENTS / 2)), () -> {
            String container = api.create(IDLE);
            api.run(container, "true");
            api.delete(container);
            return container;
        });
    }

    /** A page of 50, of containers that are there for it. */
    Samples list() throws Exception {
        List<String> listed = crowd(LISTED);
        try {
            return list(LISTED);
        } finally {
            removeCrowd(listed);
        }
    }

    /** A page of the containers that are there. */
    Samples list(int limit) throws Exception {
        return Samples.time(WARM_UPS, runs, () -> api.list(limit));
    }

    /** Starts idle containers, for {@link #removeCrowd}. */
    List<String> crowd(int count) throws IOException {
        List<String> crowd = new ArrayList<>();
        try {
            while (crowd.size() < count) {
                crowd.add(api.create(IDLE));
            }
            return crowd;
        } catch (IOException e) {
            removeCrowd(crowd);
            throw e;
        }
    }

    void removeCrowd(List<String> crowd) throws IOException {
        for (String container : crowd) {
            api.delete(container);
        }
    }

    private interface InContainer<T> {
        T measure(String container) throws Exception;
    }

    private <T> T inContainer(InContainer<T> measurement) throws Exception {
        String container = api.create(IDLE);
        try {
            return measurement.measure(container);
        } finally {
            api.delete(container);
        }
    }
}
