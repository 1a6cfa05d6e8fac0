package io.berth.usage;

import io.berth.containers.Container;
import io.berth.containers.ContainerState;
import io.berth.containers.ContainerWatch;
import io.berth.engine.ContainerEngine;
import io.berth.engine.ContainerId;
import io.berth.engine.DiskReading;
import io.berth.engine.EngineException;
import io.berth.usage.store.UsageRepository;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.scheduler.Scheduled;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Measures what containers have on the disk, one after the other and at a slow pace, and charges it as steady from one measurement to
 * the next. The measurement up to which a container is charged is stored with the charges, in one transaction, so that nothing is charged
 * twice and the time that the server was away is charged too. What is deleted counts up to then.
 */
@ApplicationScoped
public class DiskMeter {

    private static final Logger LOG = Logger.getLogger(DiskMeter.class);
    private static final int DELETIONS = 10_000;
    private static final int MOST_UNSTORED = 200;
    private static final Duration LONGEST_UNSTORED = Duration.ofSeconds(5);

    private final ContainerEngine engine;
    private final UsageRepository repository;
    private final UsageConfig config;
    private final Clock clock;
    private final Pace pace;
    private final ExecutorService thread = Executors.newSingleThreadExecutor(task -> {
        Thread made = new Thread(task, "disk-meter");
        made.setDaemon(true);
        // which a JVM on Linux heeds if it is told to; what keeps the thread from hurting is its pace
        made.setPriority(Thread.MIN_PRIORITY);
        return made;
    });

    private final AtomicBoolean busy = new AtomicBoolean();
    /** Up to which containers are charged; {@code null} before the first round. The thread's alone. */
    private @Nullable Map<ContainerId, DiskReading> last;
    /** When containers were deleted that are not charged up to then yet. */
    private final Map<ContainerId, Instant> deleted = Collections.synchronizedMap(new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<ContainerId, Instant> eldest) {
            return size() > DELETIONS;
        }
    });

    DiskMeter(
            ContainerEngine engine, ContainerWatch watch, UsageRepository repository, UsageConfig config, Clock clock) {
        this.engine = engine;
        this.repository = repository;
        this.config = config;
        this.clock = clock;
        this.pace = new Pace(config.diskEntriesPerSecond());
        watch.onChange(this::remember);
    }

    private void remember(Container container) {
        if (container.state() == ContainerState.DELETING) {
            deleted.put(container.id(), clock.instant());
        }
    }

    /** Makes it listen for deletions from the beginning. */
    void onStart(@Observes StartupEvent event) {
        LOG.debugf("containers' disks are measured every %s", config.diskInterval());
    }

    /** Only those whose time has come are measured; new ones at once. */
    @Scheduled(
            every = "${berth.usage.sample-interval:15s}",
            delayed = "3s",
            skipExecutionIf = Scheduled.ApplicationNotRunning.class)
    void measureSoon() {
        if (busy.compareAndSet(false, true)) {
            try {
                thread.execute(() -> {
                    try {
                        round(config.diskInterval());
                    } catch (RuntimeException e) {
                        LOG.warn("could not meter disks; what they hold meanwhile is charged next time", e);
                    } finally {
                        busy.set(false);
                    }
                });
            } catch (RejectedExecutionException stopping) {
                LOG.debug("no metering of disks any more: the server stops");
            }
        }
    }

    @PreDestroy
    void stop() {
        thread.shutdownNow();
    }

    /** Measures everything now, and returns when it is charged. */
    public void measure() throws InterruptedException {
        try {
            thread.submit(() -> round(Duration.ZERO)).get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("could not meter disks", e.getCause());
        }
    }

    private void round(Duration interval) {
        Map<ContainerId, DiskReading> known = last;
        boolean first = known == null;
        if (known == null) {
            known = new HashMap<>();
            for (DiskReading reading : repository.findDisks()) {
                known.put(reading.container(), reading);
            }
        }
        List<ContainerId> present = engine.list();
        end(known, present, first);
        // not before: whoever went while no server ran must be told from whoever went since, also after a failure
        last = known;
        measure(known, due(known, present, interval));
    }

    /** Those that are gone are charged to their end; if they went while no server ran nobody knows it, and they are not. */
    private void end(Map<ContainerId, DiskReading> known, List<ContainerId> present, boolean first) {
        Set<ContainerId> gone = new HashSet<>(known.keySet());
        present.forEach(gone::remove);
        if (gone.isEmpty()) {
            return;
        }
        Charges charges = new Charges(config.bucket(), config.retention());
        Instant now = clock.instant();
        for (ContainerId id : gone) {
            Instant end = deleted.get(id);
            DiskReading reading = known.get(id);
            if (reading != null && (end != null || !first)) {
                charges.addDisk(reading, end == null ? now : end);
            }
        }
        repository.recordDisks(UsageMeter.amounts(charges), List.of(), gone);
        gone.forEach(id -> {
            known.remove(id);
            deleted.remove(id);
        });
    }

    /** Those that have waited longest come first. */
    private List<ContainerId> due(Map<ContainerId, DiskReading> known, List<ContainerId> present, Duration interval) {
        Instant before = clock.instant().minus(interval);
        Comparator<ContainerId> byAge = Comparator.comparing(id -> {
            DiskReading reading = known.get(id);
            return reading == null ? Instant.MIN : reading.at();
        });
        return present.stream()
                .filter(id -> !known.containsKey(id) || !known.get(id).at().isAfter(before))
                .sorted(byAge)
                .toList();
    }

    private void measure(Map<ContainerId, DiskReading> known, List<ContainerId> due) {
        List<DiskReading> unstored = new ArrayList<>();
        Instant stored = clock.instant();
        for (ContainerId id : due) {
            DiskReading reading = read(id);
            if (Thread.currentThread().isInterrupted()) {
                return;
            }
            if (reading != null) {
                unstored.add(reading);
            }
            if (unstored.size() >= MOST_UNSTORED
                    || Duration.between(stored, clock.instant()).compareTo(LONGEST_UNSTORED) > 0) {
                store(known, unstored);
                unstored.clear();
                stored = clock.instant();
            }
        }
        store(known, unstored);
    }

    private @Nullable DiskReading read(ContainerId id) {
        try {
            return engine.disk(id, config.diskEntries(), pace);
        } catch (EngineException e) {
            LOG.debugf(e, "could not measure the disk of %s; it is tried again", id);
            return null;
        }
    }

    private void store(Map<ContainerId, DiskReading> known, List<DiskReading> readings) {
        Charges charges = new Charges(config.bucket(), config.retention());
        List<DiskReading> later = new ArrayList<>();
        for (DiskReading reading : readings) {
            DiskReading before = known.get(reading.container());
            if (before != null && !reading.at().isAfter(before.at())) {
                // the clock went back: charged already
                continue;
            }
            if (before != null) {
                charges.addDisk(before, reading.at());
            }
            if (!reading.size().complete() && (before == null || before.size().complete())) {
                LOG.warnf(
                        "container %s has more than %d files: %d bytes of disk are charged, and it has more",
                        reading.container(),
                        config.diskEntries(),
                        reading.size().bytes());
            }
            later.add(reading);
        }
        if (later.isEmpty()) {
            return;
        }
        repository.recordDisks(UsageMeter.amounts(charges), List.copyOf(later), List.of());
        later.forEach(reading -> known.put(reading.container(), reading));
    }
}
