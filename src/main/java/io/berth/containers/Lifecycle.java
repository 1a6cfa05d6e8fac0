package io.berth.containers;

import io.berth.api.problem.Failures;
import io.berth.common.StorageFailure;
import io.berth.containers.store.ContainerRepository;
import io.berth.containers.store.ContainerRepository.Durability;
import io.berth.engine.ContainerEngine;
import io.berth.engine.ContainerId;
import io.berth.engine.ContainerStatus;
import io.berth.engine.CreatedContainer;
import io.berth.engine.EngineException;
import io.berth.engine.Exit;
import io.berth.tenants.quota.Demand;
import io.berth.tenants.quota.QuotaService;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The steps that commands and repairs have in common. Every method wants the container's lock to be held and the container to
 * be freshly read, and returns it as it was stored.
 */
@ApplicationScoped
class Lifecycle {

    private static final Logger LOG = Logger.getLogger(Lifecycle.class);

    private final ContainerRepository repository;
    private final ContainerEngine engine;
    private final EngineConfigs configs;
    private final Groups groups;
    private final QuotaService quotas;
    private final ContainerWatch watch;
    private final Clock clock;
    private final RestartBackoff backoff = new RestartBackoff();
    private final Set<ContainerId> beingRestarted = ConcurrentHashMap.newKeySet();
    private final Set<ContainerId> beingDeleted = ConcurrentHashMap.newKeySet();

    Lifecycle(
            ContainerRepository repository,
            ContainerEngine engine,
            EngineConfigs configs,
            Groups groups,
            QuotaService quotas,
            ContainerWatch watch,
            Clock clock) {
        this.repository = repository;
        this.engine = engine;
        this.configs = configs;
        this.groups = groups;
        this.quotas = quotas;
        this.watch = watch;
        this.clock = clock;
    }

    /** Starts a container that was made, stopped or failed. A failure leaves it stopped, and is thrown. */
    Container start(Container container) {
        Timings timings = new Timings();
        groups.ensure(container.tenant());
        String address = container.observed().ipAddress();
        try {
            if (!isSetUp(container.id())) {
                CreatedContainer created = engine.recreate(configs.of(container));
                timings.add(created.phases());
                address = created.ipAddress();
            }
            timings.measure("start", () -> engine.start(container.id()));
        } catch (EngineException e) {
            RuntimeException why = container.explain(quotas.explain(container.tenant(), e));
            tearDown(container.id());
            throw why;
        }
        Observation running = container.observed().running(address, clock.instant(), timings.finish());
        return save(container.wanting(DesiredState.RUNNING).observing(running), Durability.DURABLE);
    }

    /** Stores that its main process has ended. What is to follow is the caller's business. */
    Container recordExit(Container container, Exit exit) {
        Container stopped = save(container.exited(exit), Durability.LAZY);
        LOG.infof(
                "container %s (%s) ended with %d%s",
                container.id(), container.name(), exit.code(), exit.oomKilled() ? ", out of memory" : "");
        return stopped;
    }

    /** How long to wait before it is started again, after the run that has just ended. */
    Duration nextDelay(Container stopped) {
        return backoff.next(stopped);
    }

    /** Tells that a command stops it to start it again: it keeps its place in the quota meanwhile. */
    void beginRestart(ContainerId id) {
        beingRestarted.add(id);
    }

    void endRestart(ContainerId id) {
        beingRestarted.remove(id);
    }

    boolean isBeingRestarted(ContainerId id) {
        return beingRestarted.contains(id);
    }

    void forgetFailures(ContainerId id) {
        backoff.forget(id);
    }

    /** Kills it, stores the end, and deletes it if that is to follow. */
    Container kill(Container container) {
        Container stopped = recordExit(container, engine.kill(container.id()));
        if (stopped.spec().autoRemove()) {
            delete(stopped);
        }
        return stopped;
    }

    /** Removes it from the host and the database, running or not. */
    void delete(Container container) {
        // one that was never finished stays recognisable as such until it is gone: nobody is told of it
        boolean known = container.state() != ContainerState.CREATING;
        Container deleting = known ? deleting(container) : container;
        beingDeleted.add(container.id());
        try {
            engine.delete(container.id());
            repository.remove(deleting);
            backoff.forget(container.id());
            watch.publish(deleting.in(ContainerState.GONE));
            LOG.infof("container %s (%s) deleted", container.id(), container.name());
        } finally {
            beingDeleted.remove(container.id());
        }
    }

    /** Whether its end is part of its deletion, and so no news. */
    boolean isBeingDeleted(ContainerId id) {
        return beingDeleted.contains(id);
    }

    private Container deleting(Container container) {
        try {
            return save(container.wanting(DesiredState.DELETED).in(ContainerState.DELETING), Durability.LAZY);
        } catch (RuntimeException e) {
            if (StorageFailure.of(e).isEmpty()) {
                throw e;
            }
            // perhaps it is this container that fills the disk: then there is room once it is gone
            LOG.warnf("container %s is deleted before this is stored: %s", container.id(), e.getMessage());
            engine.delete(container.id());
            return save(container.wanting(DesiredState.DELETED).in(ContainerState.DELETING), Durability.LAZY);
        }
    }

    Container save(Container container, Durability durability) {
        return save(container, durability, Demand.NOTHING);
    }

    /** Stores a change that needs room in the tenant's quota. */
    Container save(Container container, Durability durability, Demand demand) {
        Container saved = quotas.decidesOn(container.tenant(), demand)
                ? quotas.inTurn(container.tenant(), () -> repository.save(container, durability, demand))
                : repository.save(container, durability);
        watch.publish(saved);
        return saved;
    }

    /** Stores that a restart did not work. */
    Container recordFailure(Container container, Throwable failure) {
        String why = Failures.toBerthException(failure).getMessage();
        return save(container.observing(container.observed().failed(why == null ? "" : why)), Durability.LAZY);
    }

    private boolean isSetUp(ContainerId id) {
        return engine.status(id)
                .filter(ContainerStatus.Created.class::isInstance)
                .isPresent();
    }

    private void tearDown(ContainerId id) {
        try {
            @Nullable Exit unused = engine.kill(id);
        } catch (EngineException e) {
            LOG.debugf(e, "nothing left of the failed start of %s", id);
        }
    }
}
