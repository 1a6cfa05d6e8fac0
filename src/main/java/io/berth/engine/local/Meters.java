package io.berth.engine.local;

import io.berth.engine.ContainerConfig;
import io.berth.engine.EngineException;
import io.berth.engine.MeterListener;
import io.berth.engine.MeterReading;
import io.berth.engine.cgroup.Cgroups;
import io.berth.engine.netns.Networks;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Reads the counters of runs: four small files each. What is taken down before anybody listens is kept until somebody does. */
final class Meters {

    private static final Logger LOG = Logger.getLogger(Meters.class);

    private final ContainerFiles files;
    private final Cgroups cgroups;
    private final Networks networks;
    private final List<MeterReading> untold = new ArrayList<>();
    private @Nullable MeterListener listener;

    Meters(ContainerFiles files, Cgroups cgroups, Networks networks) {
        this.files = files;
        this.cgroups = cgroups;
        this.networks = networks;
    }

    /** A run that goes on; empty if it has been taken down meanwhile. */
    Optional<MeterReading> read(ContainerConfig config, Run run) throws IOException {
        Instant startedAt = run.startedAt;
        return read(config, run.id, startedAt, false);
    }

    /** To be called when every process of a run has ended and its cgroup and network are still there. */
    void readLast(ContainerConfig config) throws IOException {
        Optional<Run.Stored> run = JsonFiles.read(files.bundle(config.id()).resolve("run.json"), Run.Stored.class);
        if (run.isEmpty()) {
            return;
        }
        Instant startedAt =
                JsonFiles.read(files.startedMark(config.id()), Instant.class).orElse(null);
        read(config, run.get().name(), startedAt, true).ifPresent(this::tell);
    }

    private Optional<MeterReading> read(ContainerConfig config, String run, @Nullable Instant startedAt, boolean last)
            throws IOException {
        Instant at = Instant.now();
        try {
            Cgroups.Meter meter = cgroups.meter(Launcher.cgroup(config));
            Optional<long[]> traffic = traffic(config);
            if (traffic.isEmpty() && !last) {
                return Optional.empty();
            }
            long[] bytes = traffic.orElse(new long[2]);
            return Optional.of(new MeterReading(
                    config.id(),
                    config.group(),
                    run,
                    at,
                    startedAt == null ? at : startedAt,
                    last,
                    meter.cpuNanos(),
                    last ? cgroups.memoryPeak(Launcher.cgroup(config)) : meter.memoryBytes(),
                    bytes[0],
                    bytes[1]));
        } catch (NoSuchFileException takenDown) {
            return Optional.empty();
        }
    }

    private Optional<long[]> traffic(ContainerConfig config) throws IOException {
        try {
            return Optional.of(networks.traffic(config.group(), config.id().value()));
        } catch (EngineException | NoSuchFileException gone) {
            LOG.debugf("%s has no network that counts", config.id());
            return Optional.empty();
        }
    }

    private void tell(MeterReading reading) {
        MeterListener receiver;
        synchronized (untold) {
            receiver = listener;
            if (receiver == null) {
                untold.add(reading);
                return;
            }
        }
        receiver.read(reading);
    }

    void onLast(MeterListener receiver) {
        List<MeterReading> earlier;
        synchronized (untold) {
            listener = receiver;
            earlier = List.copyOf(untold);
            untold.clear();
        }
        earlier.forEach(receiver::read);
    }
}
