package io.berth.engine;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Counters of fake runs: each costs a millisecond of CPU to set up, the rest is what a test says. On the loop only. */
final class FakeMeters {

    private static final long SETTING_UP = 1_000_000;

    private final Map<ContainerId, Counters> running = new HashMap<>();
    private final List<MeterReading> untold = new ArrayList<>();
    private @Nullable MeterListener listener;
    private int runs;

    private static final class Counters {
        private final FakeContainer container;
        private final String run;
        private long cpuNanos = SETTING_UP;
        private long memoryBytes = 1 << 20;
        private long received;
        private long sent;

        private Counters(FakeContainer container, String run) {
            this.container = container;
            this.run = run;
        }

        private MeterReading read(boolean last) {
            Instant at = Instant.now();
            return new MeterReading(
                    container.config.id(),
                    container.config.group(),
                    run,
                    at,
                    container.started ? container.startedAt : at,
                    last,
                    cpuNanos,
                    memoryBytes,
                    received,
                    sent);
        }
    }

    void begin(FakeContainer container) {
        running.put(container.config.id(), new Counters(container, "run-" + ++runs));
    }

    void use(ContainerId id, long cpuNanos, long memoryBytes, long received, long sent) {
        Counters counters = running.get(id);
        if (counters == null) {
            throw new IllegalStateException(id + " does not run");
        }
        counters.cpuNanos += cpuNanos;
        counters.memoryBytes = memoryBytes;
        counters.received += received;
        counters.sent += sent;
    }

    void end(ContainerId id) {
        Counters ended = running.remove(id);
        if (ended == null) {
            return;
        }
        MeterReading reading = ended.read(true);
        if (listener == null) {
            untold.add(reading);
        } else {
            listener.read(reading);
        }
    }

    List<MeterReading> read() {
        return running.values().stream().map(counters -> counters.read(false)).toList();
    }

    void onLast(MeterListener receiver) {
        listener = receiver;
        untold.forEach(receiver::read);
        untold.clear();
    }
}
