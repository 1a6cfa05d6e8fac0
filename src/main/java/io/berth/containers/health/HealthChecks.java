package io.berth.containers.health;

import io.berth.containers.Container;
import io.berth.containers.ContainerHandle;
import io.berth.containers.ContainerLookup;
import io.berth.containers.ContainerService;
import io.berth.containers.ContainerState;
import io.berth.containers.ContainerWatch;
import io.berth.containers.Healthcheck;
import io.berth.engine.ContainerEngine;
import io.berth.engine.ContainerId;
import io.berth.engine.ContainerStatus;
import io.berth.engine.EngineException;
import io.berth.events.DeferredEvents;
import io.berth.tenants.TenantId;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.PreDestroy;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/**
 * Checks the health of containers that run, and tells when it changes. It only tells: what is to follow is the client's business.
 *
 * <p>What is known is in memory and belongs to one run of the container: it is gone with it, and begins anew when the server does. A check is
 * no exec of the tenant's: it is not listed, charged to its quota of sessions, audited or told.
 */
@ApplicationScoped
public class HealthChecks {

    private static final Logger LOG = Logger.getLogger(HealthChecks.class);
    private static final int TICK_MILLIS = 200;
    private static final int THREADS = 4;

    private final ContainerService containers;
    private final ContainerLookup lookup;
    private final ContainerWatch watch;
    private final ContainerEngine engine;
    private final DeferredEvents events;
    private final Clock clock;
    private final double startsPerTick;
    private final CheckQueue<Watched> queue;
    private final Map<ContainerId, CheckQueue.Entry<Watched>> watched = new ConcurrentHashMap<>();
    private final Set<Checkup> underWay = ConcurrentHashMap.newKeySet();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(named("health-timer"));
    /** Checks that may begin now; what is less than one is kept for the next tick. On the timer's thread only. */
    private double allowance;

    /** Begin checks and take their results. No more waits for them than there are places. */
    private final ThreadPoolExecutor threads = new ThreadPoolExecutor(
            THREADS, THREADS, 30, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), named("health-check"));

    HealthChecks(
            ContainerService containers,
            ContainerLookup lookup,
            ContainerWatch watch,
            ContainerEngine engine,
            DeferredEvents events,
            HealthConfig config,
            Clock clock) {
        this.containers = containers;
        this.lookup = lookup;
        this.watch = watch;
        this.engine = engine;
        this.events = events;
        this.clock = clock;
        this.startsPerTick = config.startsPerSecond() * TICK_MILLIS / 1000.0;
        this.queue = new CheckQueue<>(config.checks(), config.checksPerTenant());
        threads.allowCoreThreadTimeOut(true);
    }

    /** Before the reconciler changes what is found. */
    void onStart(@Observes @Priority(291) StartupEvent event) {
        watch.onChange(container -> follow(container, false));
        containers.forEachFollowed(container -> follow(container, true));
        var unused = timer.scheduleWithFixedDelay(this::checkDue, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** What is known of a container; empty if it does not run or has no health check. */
    public Optional<Health> of(ContainerId container) {
        return Optional.ofNullable(watched.get(container))
                .map(entry -> entry.subject().health());
    }

    /** The tenant's containers whose health is one of these. */
    public Set<ContainerId> idsOf(TenantId tenant, Set<HealthStatus> statuses) {
        return watched.values().stream()
                .map(CheckQueue.Entry::subject)
                .filter(each -> each.tenant().equals(tenant)
                        && statuses.contains(each.health().status()))
                .map(Watched::id)
                .collect(Collectors.toUnmodifiableSet());
    }

    /**
     * Takes note of a container's change; what changes it holds its lock.
     *
     * @param found whether it ran before the server did: then its first check comes at some time within the interval
     */
    private void follow(Container container, boolean found) {
        Healthcheck check = container.spec().healthcheck();
        if (check == null || check.command() == null) {
            return;
        }
        Instant begun = container.observed().startedAt();
        if (!container.state().isAlive() || begun == null) {
            forget(container.id());
            return;
        }
        CheckQueue.Entry<Watched> entry = watched.computeIfAbsent(
                container.id(), id -> queue.enter(container.tenant(), new Watched(container, check, begun)));
        Watched subject = entry.subject();
        if (container.state() == ContainerState.PAUSED) {
            subject.pause();
            queue.hold(entry);
        } else if (subject.resume()) {
            queue.resume(entry, found ? spread(subject.interval()) : subject.nextAfter(clock.instant()));
        }
    }

    private Instant spread(Duration interval) {
        return clock.instant().plusMillis(ThreadLocalRandom.current().nextLong(interval.toMillis()));
    }

    private void forget(ContainerId id) {
        CheckQueue.Entry<Watched> entry = watched.remove(id);
        if (entry != null) {
            entry.subject().pause();
            queue.hold(entry);
        }
    }

    @SuppressWarnings("CatchingUnchecked") // a timer's task that throws is not run again
    private void checkDue() {
        allowance = Math.min(allowance + startsPerTick, Math.max(1, startsPerTick));
        try {
            List<CheckQueue.Entry<Watched>> due = queue.take(clock.instant(), (int) allowance);
            allowance -= due.size();
            for (CheckQueue.Entry<Watched> entry : due) {
                begin(entry);
            }
        } catch (RuntimeException e) {
            LOG.error("health checks that are due could not begin", e);
        }
    }

    private void begin(CheckQueue.Entry<Watched> entry) {
        try {
            threads.execute(() -> check(entry));
        } catch (RejectedExecutionException | OutOfMemoryError noThread) {
            LOG.warnf(
                    "no thread for the health check of %s: %s", entry.subject().id(), noThread);
            ended(entry);
        }
    }

    @SuppressWarnings("CatchingUnchecked") // whatever goes wrong, the next check comes
    private void check(CheckQueue.Entry<Watched> entry) {
        Watched subject = entry.subject();
        long epoch = subject.epoch();
        if (watched.get(subject.id()) != entry) { // another run of the container, which has an entry of its own
            ended(entry);
            return;
        }
        try {
            ContainerHandle container =
                    lookup.get(subject.tenant(), subject.id().value());
            begin(entry, container, epoch);
        } catch (RuntimeException e) {
            LOG.debugf(e, "the health of %s could not be checked", subject.id());
            ended(entry);
        }
    }

    private void begin(CheckQueue.Entry<Watched> entry, ContainerHandle container, long epoch) {
        Watched subject = entry.subject();
        Instant now = clock.instant();
        Checkup checkup;
        try {
            checkup = Checkup.begin(engine, container, subject.check(), clock, timer);
        } catch (EngineException e) {
            note(subject, Checkup.failure(container, subject.check(), now, clock, e), epoch);
            ended(entry);
            return;
        }
        underWay.add(checkup);
        CompletionStage<?> recorded = checkup.result()
                .thenAcceptAsync(
                        result -> {
                            queue.leavePlace(entry);
                            note(subject, result, epoch);
                        },
                        threads)
                .handle((nothing, failure) -> {
                    if (failure != null) {
                        LOG.warnf(failure, "what the health check of %s said is lost", subject.id());
                    }
                    return subject;
                });
        var unused = checkup.end()
                .handle((exit, failure) -> subject)
                .thenCombine(recorded, (one, other) -> subject)
                .thenRun(() -> {
                    underWay.remove(checkup);
                    ended(entry);
                });
    }

    private void ended(CheckQueue.Entry<Watched> entry) {
        queue.ended(entry, entry.subject().nextAfter(clock.instant()));
    }

    private void note(Watched subject, HealthResult result, long epoch) {
        // it may have ended with its container, whose end is told in a moment
        if (!result.succeeded() && !result.timedOut() && !runs(subject.id())) {
            return;
        }
        synchronized (subject) { // so that changes are told in their order
            subject.record(result, epoch).ifPresent(health -> tell(subject, health));
        }
    }

    private boolean runs(ContainerId id) {
        return engine.status(id).orElse(null) instanceof ContainerStatus.Running;
    }

    private void tell(Watched subject, Health health) {
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("name", subject.name());
        data.put("image", subject.image());
        data.put("health", health.status().wireName());
        data.put("failingStreak", health.failingStreak());
        events.append(subject.tenant(), "container.healthChanged", subject.id().value(), data);
        LOG.debugf(
                "container %s (%s) is %s",
                subject.id(), subject.name(), health.status().wireName());
    }

    /** Checks under way end with the server, as what is on plain pipes does. */
    @PreDestroy
    void stop() {
        timer.shutdownNow();
        threads.shutdownNow();
        underWay.forEach(Checkup::kill);
    }

    private static ThreadFactory named(String name) {
        return task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        };
    }
}
