package io.berth.containers;

import io.berth.containers.store.ContainerRepository;
import io.berth.engine.ContainerId;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.scheduler.Scheduled;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * Stops containers that nobody has used for their idle timeout, as a client would: they are asked to, killed if they do not, and no restart
 * policy brings them back.
 */
@ApplicationScoped
class IdleStops {

    private static final Logger LOG = Logger.getLogger(IdleStops.class);

    private final ContainerActivity activity;
    private final ContainerService containers;
    private final ContainerCommands commands;
    private final ContainerRepository repository;
    private final ContainerLocks locks;
    private final ContainerThreads threads;
    private final ContainerWatch watch;
    private final PlatformAudit audit;

    IdleStops(
            ContainerActivity activity,
            ContainerService containers,
            ContainerCommands commands,
            ContainerRepository repository,
            ContainerLocks locks,
            ContainerThreads threads,
            ContainerWatch watch,
            PlatformAudit audit) {
        this.activity = activity;
        this.containers = containers;
        this.commands = commands;
        this.repository = repository;
        this.locks = locks;
        this.threads = threads;
        this.watch = watch;
        this.audit = audit;
    }

    /** Before the reconciler changes what is found. */
    void onStart(@Observes @Priority(290) StartupEvent event) {
        watch.onChange(activity::follow);
        containers.forEachFollowed(activity::follow);
    }

    @Scheduled(
            every = "1s",
            delayed = "1s",
            concurrentExecution = Scheduled.ConcurrentExecution.SKIP,
            skipExecutionIf = Scheduled.ApplicationNotRunning.class)
    void stopIdle() {
        activity.idle().forEach(id -> threads.repairOnce("stop the idle " + id, () -> stop(id)));
    }

    /** What works on it now is not waited for: it is looked at again in a second. */
    private void stop(ContainerId id) {
        locks.tryLock(id).ifPresent(lock -> {
            try (lock) {
                stopIfIdle(id);
            }
        });
    }

    @SuppressWarnings("CatchingUnchecked") // whatever keeps it from being stopped, it is tried again
    private void stopIfIdle(ContainerId id) {
        try {
            Optional<Container> row =
                    repository.findContainer(id).filter(container -> container.state() == ContainerState.RUNNING);
            if (row.isEmpty()) {
                activity.forget(id);
            } else if (activity.isIdle(id)) {
                stop(row.get());
            }
        } catch (RuntimeException e) {
            LOG.warnf("could not stop the idle %s: %s", id, e);
            activity.lookLater(id);
        }
    }

    private void stop(Container container) {
        audit.record(container, "container.idleStop", () -> {
            var unused = commands.stopIdle(container).exceptionally(failure -> {
                LOG.warnf(failure, "the idle %s does not stop", container.id());
                activity.lookLater(container.id());
                return container;
            });
        });
        LOG.infof("container %s (%s) is stopped: nobody has used it", container.id(), container.name());
    }
}
