package io.berth.usage;

import io.berth.containers.Container;
import io.berth.containers.ContainerService;
import io.berth.containers.ContainerState;
import io.berth.containers.ContainerWatch;
import io.berth.engine.ContainerEngine;
import io.berth.engine.ContainerId;
import io.berth.engine.MeterReading;
import io.berth.usage.store.UsageRepository;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.scheduler.Scheduled;
import jakarta.annotation.PreDestroy;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/**
 * Reads the counters of all containers from time to time, and of each once more at its end, and charges what they grew by. The database
 * keeps the reading up to which a container is charged together with the charges, in one transaction: whenever the server
 * goes away, the next reading continues from there, and nothing is charged twice. One thread does all of it, off the requests.
 */
@ApplicationScoped
public class UsageMeter {

    private static final Logger LOG = Logger.getLogger(UsageMeter.class);
    private static final int NAMES = 1000;
    private static final long GATHER_MILLIS = 50;
    private static final long STOP_MILLIS = 2000;
    /** After the observers that stop containers, which have none. */
    private static final int LATE = 5000;

    private final ContainerEngine engine;
    private final ContainerService containers;
    private final UsageRepository repository;
    private final UsageConfig config;
    private final Clock clock;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread made = new Thread(task, "usage-meter");
        made.setDaemon(true);
        return made;
    });

    private final Queue<MeterReading> ended = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean chargingSoon = new AtomicBoolean();
    /** Of the runs that go on. The thread's alone. */
    private final Map<ContainerId, LastReading> last = new HashMap<>();
    /** Of containers deleted a moment ago, which the database may not know any more. */
    private final Map<ContainerId, String> deleted = Collections.synchronizedMap(new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<ContainerId, String> eldest) {
            return size() > NAMES;
        }
    });

    UsageMeter(
            ContainerEngine engine,
            ContainerService containers,
            ContainerWatch watch,
            UsageRepository repository,
            UsageConfig config,
            Clock clock) {
        this.engine = engine;
        this.containers = containers;
        this.repository = repository;
        this.config = config;
        this.clock = clock;
        watch.onChange(this::remember);
    }

    private void remember(Container container) {
        if (container.state() == ContainerState.DELETING) {
            deleted.put(container.id(), container.name());
        }
    }

    /** Before containers are repaired, so that no run is taken down unheard. */
    void onStart(@Observes @Priority(250) StartupEvent event) {
        if (config.bucket().isNegative()
                || config.bucket().toSeconds() < 60
                || Duration.ofDays(1).toSeconds() % config.bucket().toSeconds() != 0) {
            throw new IllegalStateException("berth.usage.bucket is " + config.bucket()
                    + ": it must be a minute or more, and a day a multiple of it");
        }
        engine.onLastReading(reading -> {
            ended.add(reading);
            chargeSoon();
        });
    }

    @Scheduled(
            every = "${berth.usage.sample-interval:15s}",
            delayed = "1s",
            concurrentExecution = Scheduled.ConcurrentExecution.SKIP,
            skipExecutionIf = Scheduled.ApplicationNotRunning.class)
    void sampleSoon() throws InterruptedException {
        sample();
    }

    @Scheduled(every = "1h", delayed = "3m")
    void forgetOld() {
        repository.deleteBefore(clock.instant().minus(config.retention()));
    }

    /** What has ended is charged before the server does, those included that end with it: they were stopped before. */
    void onStop(@Observes @Priority(LATE) ShutdownEvent event) throws InterruptedException {
        try {
            thread.schedule(this::chargeEnded, GATHER_MILLIS, TimeUnit.MILLISECONDS)
                    .get(STOP_MILLIS, TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("could not charge what has ended last", e);
        }
    }

    @PreDestroy
    void finish() throws InterruptedException {
        thread.shutdown();
        thread.awaitTermination(STOP_MILLIS, TimeUnit.MILLISECONDS);
        thread.shutdownNow();
    }

    /** Reads everything now, and returns when it is charged. */
    public void sample() throws InterruptedException {
        try {
            thread.submit(this::round).get();
        } catch (ExecutionException e) {
            LOG.warn("could not meter; what was used meanwhile is charged next time", e.getCause());
        } catch (RejectedExecutionException stopping) {
            LOG.debug("no metering any more: the server stops");
        }
    }

    /** Those that end within a moment are charged together. */
    private void chargeSoon() {
        if (chargingSoon.compareAndSet(false, true)) {
            try {
                thread.schedule(this::chargeEnded, GATHER_MILLIS, TimeUnit.MILLISECONDS);
            } catch (RejectedExecutionException stopping) {
                LOG.debug("a run ended too late to be charged");
            }
        }
    }

    private void chargeEnded() {
        chargingSoon.set(false);
        try {
            charge(List.of());
        } catch (RuntimeException e) {
            LOG.warn("could not charge a run that has ended; trying again with the next round", e);
        }
    }

    private void round() {
        charge(engine.meters());
    }

    /** Those that have ended go first: what is read of the same run before its end is then known to be late. */
    private void charge(List<MeterReading> running) {
        List<MeterReading> all = new ArrayList<>();
        for (MeterReading reading = ended.poll(); reading != null; reading = ended.poll()) {
            all.add(reading);
        }
        int endedCount = all.size();
        all.addAll(running);
        if (all.isEmpty()) {
            return;
        }
        try {
            charge(all, new Charges(config.bucket(), config.retention()));
        } catch (RuntimeException e) {
            ended.addAll(all.subList(0, endedCount));
            throw e;
        }
    }

    private void charge(List<MeterReading> readings, Charges charges) {
        Set<ContainerId> unknown = readings.stream()
                .map(MeterReading::container)
                .filter(id -> !last.containsKey(id))
                .collect(Collectors.toSet());
        Map<ContainerId, LastReading> known = new HashMap<>(last);
        known.putAll(repository.findLast(unknown));
        Map<ContainerId, MeterReading> latest = new LinkedHashMap<>();
        for (MeterReading reading : readings) {
            Interval.closedBy(reading, known.get(reading.container())).ifPresent(interval -> {
                charges.add(reading.group(), reading.container(), interval);
                known.put(reading.container(), LastReading.of(reading));
                latest.put(reading.container(), reading);
            });
        }
        repository.record(amounts(charges), states(latest.values(), names(unknown)));
        latest.values().forEach(reading -> {
            if (reading.last()) {
                last.remove(reading.container());
            } else {
                last.put(reading.container(), LastReading.of(reading));
            }
        });
    }

    private Map<ContainerId, String> names(Set<ContainerId> ids) {
        Map<ContainerId, String> names = new ConcurrentHashMap<>(containers.names(ids));
        ids.forEach(id -> {
            String name = deleted.get(id);
            if (name != null) {
                names.putIfAbsent(id, name);
            }
        });
        return names;
    }

    /** As they are stored. */
    static List<UsageRepository.Amount> amounts(Charges charges) {
        return charges.amounts().entrySet().stream()
                .map(entry -> new UsageRepository.Amount(
                        entry.getKey().group(),
                        entry.getKey().container(),
                        entry.getKey().bucket(),
                        entry.getKey().resource(),
                        entry.getValue()))
                .toList();
    }

    private static List<UsageRepository.State> states(Iterable<MeterReading> readings, Map<ContainerId, String> names) {
        List<UsageRepository.State> states = new ArrayList<>();
        readings.forEach(reading -> states.add(
                new UsageRepository.State(reading.group(), LastReading.of(reading), names.get(reading.container()))));
        return states;
    }
}
