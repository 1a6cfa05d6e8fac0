package io.berth.containers;

import io.berth.common.KeyedLocks;
import io.berth.containers.store.ContainerRepository;
import io.berth.containers.store.ContainerRepository.Durability;
import io.berth.engine.ContainerEngine;
import io.berth.engine.ContainerId;
import io.berth.engine.ContainerStatus;
import io.berth.engine.Exit;
import io.berth.tenants.TenantDirectory;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.scheduler.Scheduled;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Clock;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/**
 * Makes the host and the database agree: at the start, when a main process ends, and from time to time. Restart policies,
 * times to live, containers that ended or vanished while the server was away, suspended tenants, leftovers of a crash. Each repair holds the
 * container's lock and looks again before it acts, so it may run at any time beside commands. It does not wait for them: one that keeps
 * the lock for long must not keep the few threads there are from all other containers.
 */
@ApplicationScoped
class Reconciler {

    private static final Logger LOG = Logger.getLogger(Reconciler.class);
    private static final Duration AGAIN = Duration.ofSeconds(1);

    private final ContainerRepository repository;
    private final ContainerEngine engine;
    private final Lifecycle lifecycle;
    private final ContainerLocks locks;
    private final ContainerThreads threads;
    private final Suspensions suspensions;
    private final TenantDirectory tenants;
    private final Clock clock;
    private final PlatformAudit audit;

    Reconciler(
            ContainerRepository repository,
            ContainerEngine engine,
            Lifecycle lifecycle,
            ContainerLocks locks,
            ContainerThreads threads,
            Suspensions suspensions,
            TenantDirectory tenants,
            Clock clock,
            PlatformAudit audit) {
        this.repository = repository;
        this.engine = engine;
        this.lifecycle = lifecycle;
        this.locks = locks;
        this.threads = threads;
        this.suspensions = suspensions;
        this.tenants = tenants;
        this.clock = clock;
        this.audit = audit;
    }

    void onStart(@Observes @Priority(300) StartupEvent event) {
        engine.onExit((id, exit) -> {
            if (!lifecycle.isBeingDeleted(id)) {
                String what = "handle the end of " + id;
                threads.repair(what, () -> whenFree(id, what, this::exited));
            }
        });
        repository.freeNamesOfUnfinished();
        repairAll(EnumSet.allOf(ContainerState.class));
    }

    @Scheduled(
            every = "${berth.containers.repair-interval:30s}",
            delayed = "30s",
            concurrentExecution = Scheduled.ConcurrentExecution.SKIP,
            skipExecutionIf = Scheduled.ApplicationNotRunning.class)
    void repairAll() {
        threads.repairOnce("restore what containers share", engine::restore);
        // what is at rest needs no look
        repairAll(EnumSet.of(
                ContainerState.CREATING, ContainerState.RUNNING, ContainerState.PAUSED, ContainerState.DELETING));
    }

    @Scheduled(
            every = "1s",
            delayed = "1s",
            concurrentExecution = Scheduled.ConcurrentExecution.SKIP,
            skipExecutionIf = Scheduled.ApplicationNotRunning.class)
    void deleteExpired() {
        for (ContainerId id : repository.idsExpired(clock.instant())) {
            threads.repairOnce("delete the expired " + id, () -> expire(id));
        }
    }

    private void repairAll(Set<ContainerState> states) {
        Set<ContainerId> ids = new HashSet<>(repository.idsIn(states));
        Set<ContainerId> known = new HashSet<>(repository.idsIn(EnumSet.allOf(ContainerState.class)));
        for (ContainerId id : engine.list()) {
            if (!known.contains(id)) {
                ids.add(id);
            }
        }
        ids.forEach(id -> threads.repairOnce("repair " + id, () -> repair(id)));
        suspensions.toRelease().forEach(id -> threads.repairOnce("resume " + id, () -> suspensions.release(id)));
    }

    /** Makes one container right, whatever is wrong with it. */
    void repair(ContainerId id) {
        // what is being worked on is looked at again the next time
        locks.lockForRepair(id).ifPresent(lock -> {
            try (lock) {
                repairLocked(id);
            }
        });
    }

    private void repairLocked(ContainerId id) {
        Optional<Container> row = repository.findContainer(id);
        if (row.isEmpty()) {
            if (engine.status(id).isPresent()) { // and was not deleted since it was listed
                LOG.warnf("container %s is on the host and not in the database: deleted", id);
            }
            engine.delete(id);
            return;
        }
        Container container = row.get();
        switch (container.state()) {
            case CREATING, DELETING, GONE -> lifecycle.delete(container);
            case RUNNING, PAUSED -> repairAlive(container);
            case STOPPED, FAILED -> repairEnded(container);
            case CREATED -> repairCreated(container);
        }
    }

    /** One that should run is the trace of a start that the server did not live to finish: it gives its place back. */
    private void repairCreated(Container container) {
        if (container.desired() == DesiredState.RUNNING) {
            lifecycle.save(container.wanting(DesiredState.STOPPED), Durability.LAZY);
        }
    }

    private void repairAlive(Container container) {
        Optional<ContainerStatus> status = engine.status(container.id());
        if (status.isEmpty()) {
            LOG.warnf("container %s has vanished from the host", container.id());
            ended(container, new Exit(Exit.UNKNOWN_CODE, false, clock.instant()));
        } else if (status.get() instanceof ContainerStatus.Stopped stopped) {
            ended(container, stopped.exit());
        } else if (status.get() instanceof ContainerStatus.Created) {
            if (tenants.isActive(container.tenant())) {
                engine.start(container.id());
            }
        } else {
            ContainerState seen =
                    status.get() instanceof ContainerStatus.Paused ? ContainerState.PAUSED : ContainerState.RUNNING;
            if (seen != container.state()) {
                lifecycle.save(container.in(seen), Durability.LAZY);
            }
            suspensions.hold(container.id());
        }
    }

    private void repairEnded(Container container) {
        Optional<ContainerStatus> status = engine.status(container.id());
        if (status.isPresent() && !(status.get() instanceof ContainerStatus.Stopped)) {
            // a start that the server did not live to write down: nobody heard of it
            LOG.warnf("container %s should not run: killed", container.id());
            engine.kill(container.id());
        }
        follow(container);
    }

    /** What cannot be done now, and nobody comes back to otherwise, is tried again a second later. */
    private void whenFree(ContainerId id, String what, Consumer<ContainerId> repair) {
        Optional<KeyedLocks.Held> lock = locks.lockForRepair(id);
        if (lock.isEmpty()) {
            threads.repairAfter(AGAIN, what, () -> whenFree(id, what, repair));
            return;
        }
        try (KeyedLocks.Held held = lock.get()) {
            repair.accept(id);
        }
    }

    private void exited(ContainerId id) {
        Optional<Container> row = repository
                .findContainer(id)
                .filter(container -> container.state().isAlive());
        // the end of an earlier run may be told late: only what the host says now counts
        if (row.isPresent() && engine.status(id).orElse(null) instanceof ContainerStatus.Stopped stopped) {
            ended(row.get(), stopped.exit());
        }
    }

    private void ended(Container container, Exit exit) {
        follow(lifecycle.recordExit(container, exit));
    }

    /** What comes after an end: removal, another start, or nothing. */
    private void follow(Container ended) {
        Integer code = ended.observed().exitCode();
        boolean again = ended.desired() == DesiredState.RUNNING
                && ended.spec().restartPolicy().restarts(code == null ? Exit.UNKNOWN_CODE : code, ended.restartCount());
        if (ended.spec().autoRemove()) {
            audit.record(ended, "container.autoRemove", () -> lifecycle.delete(ended));
        } else if (lifecycle.isBeingRestarted(ended.id())) {
            LOG.debugf("%s is started again by who stopped it", ended.id());
        } else if (again) {
            scheduleRestart(ended);
        } else if (ended.desired() == DesiredState.RUNNING) {
            lifecycle.save(ended.wanting(DesiredState.STOPPED), Durability.LAZY);
            lifecycle.forgetFailures(ended.id());
        }
    }

    private void scheduleRestart(Container ended) {
        ContainerId id = ended.id();
        String what = "restart " + id;
        threads.repairAfter(lifecycle.nextDelay(ended), what, () -> whenFree(id, what, this::restart));
    }

    private void restart(ContainerId id) {
        Optional<Container> row = repository
                .findContainer(id)
                .filter(container -> container.desired() == DesiredState.RUNNING
                        && container.state().canStart());
        if (row.isPresent() && !tenants.isActive(row.get().tenant())) {
            suspensions.startLater(row.get());
        } else if (row.isPresent()) {
            startAgain(row.get().restarted(row.get().restartCount() + 1));
        }
    }

    @SuppressWarnings("CatchingUnchecked") // whatever keeps it from starting, it is tried again
    private void startAgain(Container container) {
        try {
            lifecycle.start(container);
        } catch (RuntimeException e) {
            Container failed = lifecycle.recordFailure(container, e);
            LOG.warnf(
                    "container %s could not be started again: %s",
                    container.id(), failed.observed().failure());
            follow(failed);
        }
    }

    /** What works on it now is not waited for: it is looked at again in a second. */
    private void expire(ContainerId id) {
        locks.tryLock(id).ifPresent(lock -> {
            try (lock) {
                deleteExpired(id);
            }
        });
    }

    private void deleteExpired(ContainerId id) {
        repository
                .findContainer(id)
                .filter(container -> container.state() != ContainerState.CREATING)
                .ifPresent(container -> audit.record(container, "container.expire", () -> lifecycle.delete(container)));
    }
}
