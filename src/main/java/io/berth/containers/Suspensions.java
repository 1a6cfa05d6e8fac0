package io.berth.containers;

import io.berth.common.KeyedLocks;
import io.berth.containers.store.ContainerRepository;
import io.berth.containers.store.ContainerRepository.Durability;
import io.berth.containers.store.SuspendedRepository;
import io.berth.containers.store.SuspendedRepository.Held;
import io.berth.engine.ContainerEngine;
import io.berth.engine.ContainerId;
import io.berth.tenants.SuspendMode;
import io.berth.tenants.Tenant;
import io.berth.tenants.TenantDirectory;
import io.berth.tenants.TenantId;
import io.berth.tenants.TenantParticipant;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;

/**
 * What becomes of a tenant's containers when it is suspended, resumed or deleted. A suspension pauses those that run, or stops all
 * that live; a resumption continues and starts just these, and those that their restart policy would have started meanwhile. What was
 * done is written down before it is done, and {@link Reconciler} comes back to what a crash cut off.
 */
@ApplicationScoped
class Suspensions implements TenantParticipant {

    private static final Logger LOG = Logger.getLogger(Suspensions.class);

    private final ContainerRepository repository;
    private final SuspendedRepository held;
    private final ContainerEngine engine;
    private final ContainerCommands commands;
    private final Lifecycle lifecycle;
    private final ContainerLocks locks;
    private final ContainerThreads threads;
    private final ContainerWatch watch;
    private final TenantDirectory tenants;
    /** Told to stop by this server, and not ended yet. */
    private final Set<ContainerId> stopping = ConcurrentHashMap.newKeySet();

    Suspensions(
            ContainerRepository repository,
            SuspendedRepository held,
            ContainerEngine engine,
            ContainerCommands commands,
            Lifecycle lifecycle,
            ContainerLocks locks,
            ContainerThreads threads,
            ContainerWatch watch,
            TenantDirectory tenants) {
        this.repository = repository;
        this.held = held;
        this.engine = engine;
        this.commands = commands;
        this.lifecycle = lifecycle;
        this.locks = locks;
        this.threads = threads;
        this.watch = watch;
        this.tenants = tenants;
    }

    @Override
    public int order() {
        return Order.CONTAINERS;
    }

    @Override
    public String subject() {
        return "containers";
    }

    /** Returns when all are paused, or have been sent their stop signal. */
    @Override
    public void suspend(TenantId tenant, SuspendMode mode) {
        forEach(repository.idsOf(tenant), "suspend", this::hold);
    }

    /** Returns when those that were paused go on; what is to be started is being started. */
    @Override
    public void resume(TenantId tenant) {
        forEach(held.idsOf(tenant), "resume", this::release);
    }

    @Override
    public void delete(TenantId tenant) {
        List<ContainerId> ids = repository.idsOf(tenant);
        forEach(ids, "delete", this::delete);
        if (!repository.idsOf(tenant).isEmpty()) {
            throw new IllegalStateException("containers of tenant " + tenant + " could not be deleted");
        }
    }

    private interface Step {
        void accept(ContainerId id);
    }

    /** Some at a time; one that fails does not keep the others, and the next repair comes back to it. */
    private void forEach(List<ContainerId> ids, String what, Step step) {
        List<CompletableFuture<Void>> all = ids.stream()
                .map(id -> CompletableFuture.runAsync(() -> step.accept(id), threads.repairers())
                        .exceptionally(failure -> {
                            LOG.warnf(failure, "could not %s %s", what, id);
                            return null;
                        }))
                .toList();
        all.forEach(CompletableFuture::join);
    }

    /** Does to a container what its tenant's suspension wants, if it is suspended and the container lives. Repeatable. */
    void hold(ContainerId id) {
        try (KeyedLocks.Held lock = locks.lockForCommand(id)) {
            Container container = repository.findContainer(id).orElse(null);
            if (container == null || !container.state().isAlive()) {
                return;
            }
            Optional<SuspendMode> mode = tenants.find(container.tenant()).map(Tenant::suspendMode);
            if (mode.equals(Optional.of(SuspendMode.PAUSE)) && container.state() == ContainerState.RUNNING) {
                held.put(id, container.tenant(), Held.PAUSED);
                engine.pause(id);
                lifecycle.save(container.in(ContainerState.PAUSED), Durability.LAZY);
            } else if (mode.equals(Optional.of(SuspendMode.STOP))) {
                stop(container);
            }
        }
    }

    private void stop(Container container) {
        if (container.desired() == DesiredState.RUNNING) {
            held.put(container.id(), container.tenant(), Held.STOPPED);
        }
        // after a crash also one that was told already, and nobody waits for any more
        if (stopping.add(container.id())) {
            try {
                var unused = commands.stop(container.tenant(), container.id().value(), null)
                        .whenComplete((stopped, failure) -> stopping.remove(container.id()));
            } catch (RuntimeException e) {
                stopping.remove(container.id());
                throw e;
            }
        }
    }

    /** Notes that a container is to be started when its tenant is resumed. The caller holds the container's lock. */
    void startLater(Container container) {
        held.put(container.id(), container.tenant(), Held.STOPPED);
    }

    /** Undoes what a suspension did to a container, if its tenant is active again. Repeatable. */
    void release(ContainerId id) {
        Optional<Container> row = repository.findContainer(id);
        Optional<Held> was = held.find(id);
        if (row.isEmpty() || was.isEmpty() || !tenants.isActive(row.get().tenant())) {
            return;
        }
        if (was.get() == Held.PAUSED) {
            continuePaused(id);
        } else {
            startStopped(id);
        }
    }

    private void startStopped(ContainerId id) {
        try (KeyedLocks.Held lock = locks.lockForCommand(id)) {
            Optional<Container> row = repository.findContainer(id);
            if (row.isPresent() && row.get().state().isAlive()) {
                if (row.get().desired() == DesiredState.RUNNING) {
                    // somebody was faster
                    held.remove(id);
                    return;
                }
                // it is still stopping
                var unused = watch.next(id, ContainerState::isEnded)
                        .thenAcceptAsync(ended -> startAgain(id), threads.helpers());
                return;
            }
        }
        threads.helpers().execute(() -> startAgain(id));
    }

    private void continuePaused(ContainerId id) {
        try (KeyedLocks.Held lock = locks.lockForCommand(id)) {
            Optional<Container> row = repository
                    .findContainer(id)
                    .filter(container ->
                            container.state() == ContainerState.PAUSED && tenants.isActive(container.tenant()));
            if (row.isPresent()) {
                engine.resume(id);
                lifecycle.save(row.get().in(ContainerState.RUNNING), Durability.LAZY);
            }
            held.remove(id);
        }
    }

    /** Not while somebody works on it for long: the next repair comes back to it. */
    @SuppressWarnings("CatchingUnchecked") // whatever keeps it from starting is shown on the container
    private void startAgain(ContainerId id) {
        try (KeyedLocks.Held lock = locks.lockForCommand(id)) {
            Optional<Container> row = repository
                    .findContainer(id)
                    .filter(container -> container.state().canStart() && tenants.isActive(container.tenant()));
            if (row.isEmpty() || held.find(id).isEmpty()) {
                return;
            }
            held.remove(id);
            try {
                lifecycle.start(row.get());
            } catch (RuntimeException e) {
                LOG.warnf(e, "container %s could not be started when its tenant was resumed", id);
                lifecycle.recordFailure(row.get(), e);
            }
        }
    }

    private void delete(ContainerId id) {
        try (KeyedLocks.Held lock = locks.lockForCommand(id)) {
            repository.findContainer(id).ifPresent(lifecycle::delete);
        }
    }

    /** Resumptions that were cut off. */
    List<ContainerId> toRelease() {
        return held.idsToRelease();
    }
}
