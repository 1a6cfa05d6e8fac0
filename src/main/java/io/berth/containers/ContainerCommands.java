package io.berth.containers;

import io.berth.common.BerthException;
import io.berth.common.ErrorCode;
import io.berth.common.KeyedLocks;
import io.berth.common.Signals;
import io.berth.containers.store.ContainerRepository;
import io.berth.containers.store.ContainerRepository.Durability;
import io.berth.engine.ContainerEngine;
import io.berth.engine.ContainerId;
import io.berth.tenants.TenantId;
import io.berth.tenants.quota.Demand;
import io.berth.tenants.quota.QuotaService;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongConsumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Changes containers. Commands on one container run one after the other; each looks at it afresh. Those that ask for a state it
 * is in already succeed, so that they are safe to repeat.
 */
@ApplicationScoped
public class ContainerCommands {

    private final ContainerRepository repository;
    private final ContainerEngine engine;
    private final Lifecycle lifecycle;
    private final ContainerAdmission admission;
    private final QuotaService quotas;
    private final ContainerLocks locks;
    private final ContainerWatch watch;
    private final ContainerThreads threads;
    private final ContainerActivity activity;

    private record Stopping(Container container, @Nullable CompletableFuture<Container> ended) {}

    ContainerCommands(
            ContainerRepository repository,
            ContainerEngine engine,
            Lifecycle lifecycle,
            ContainerAdmission admission,
            QuotaService quotas,
            ContainerLocks locks,
            ContainerWatch watch,
            ContainerThreads threads,
            ContainerActivity activity) {
        this.repository = repository;
        this.engine = engine;
        this.lifecycle = lifecycle;
        this.admission = admission;
        this.quotas = quotas;
        this.locks = locks;
        this.watch = watch;
        this.threads = threads;
        this.activity = activity;
    }

    public Container start(TenantId tenant, String idOrName) {
        return locked(tenant, idOrName, container -> {
            if (container.state() == ContainerState.RUNNING) {
                activity.used(container.id());
                return container;
            }
            if (!container.state().canStart()) {
                throw ContainerErrors.wrongState(container, "started", "resume it");
            }
            lifecycle.forgetFailures(container.id());
            Container started = startAdmitted(container.restarted(0));
            activity.used(container.id());
            return started;
        });
    }

    private Container startAdmitted(Container container) {
        boolean restarted = lifecycle.isBeingRestarted(container.id());
        Container admitted = admission.admitStart(container);
        try {
            return lifecycle.start(admitted);
        } catch (RuntimeException e) {
            DesiredState before = restarted ? DesiredState.STOPPED : container.desired();
            if (admitted.desired() != before) {
                lifecycle.save(admitted.wanting(before), Durability.LAZY);
            }
            throw e;
        }
    }

    /**
     * Sends the stop signal, and kills what is left after the time. The lock is not held meanwhile: kill and delete need not
     * wait.
     *
     * @param timeout {@code null} is the container's own
     */
    public CompletionStage<Container> stop(TenantId tenant, String idOrName, @Nullable Duration timeout) {
        return stop(tenant, idOrName, timeout, DesiredState.STOPPED, null);
    }

    /** As {@link #stop}, because nobody uses it. */
    CompletionStage<Container> stopIdle(Container container) {
        return stop(container.tenant(), container.id().value(), null, DesiredState.STOPPED, StopReason.IDLE);
    }

    private CompletionStage<Container> stop(
            TenantId tenant,
            String idOrName,
            @Nullable Duration timeout,
            DesiredState after,
            @Nullable StopReason reason) {
        Stopping stopping = locked(tenant, idOrName, container -> askToStop(container, after, reason));
        CompletableFuture<Container> ended = stopping.ended();
        if (ended == null) {
            return CompletableFuture.completedFuture(stopping.container());
        }
        Duration patience = timeout == null ? stopping.container().spec().stopTimeoutOrDefault() : timeout;
        return ended.orTimeout(Math.max(1, patience.toMillis()), TimeUnit.MILLISECONDS)
                .handleAsync(
                        (stopped, late) -> late == null ? stopped : killRunOf(stopping.container()), threads.helpers());
    }

    private Stopping askToStop(Container container, DesiredState after, @Nullable StopReason reason) {
        if (!container.state().isAlive()) {
            Container resting = container.desired() == DesiredState.STOPPED || after == DesiredState.RUNNING
                    ? container
                    : lifecycle.save(container.wanting(DesiredState.STOPPED), Durability.DURABLE);
            return new Stopping(resting, null);
        }
        if (container.state() == ContainerState.PAUSED) {
            engine.resume(container.id());
        }
        Container stopping = lifecycle.save(
                container.wanting(after).in(ContainerState.RUNNING).stopping(reason), Durability.DURABLE);
        CompletableFuture<Container> ended = watch.next(container.id(), ContainerState::isEnded);
        try {
            engine.signal(container.id(), container.launch().stopSignal());
        } catch (RuntimeException e) {
            ended.cancel(false);
            throw e;
        }
        return new Stopping(stopping, ended);
    }

    /** Kills it if it is still in the run that was to be stopped. */
    private Container killRunOf(Container stopping) {
        try (KeyedLocks.Held held = locks.lockForCommand(stopping.id())) {
            Container now = repository.findContainer(stopping.id()).orElseGet(() -> stopping.in(ContainerState.GONE));
            boolean sameRun = Objects.equals(
                    now.observed().startedAt(), stopping.observed().startedAt());
            return now.state().isAlive() && sameRun ? lifecycle.kill(now) : now;
        }
    }

    /** Stops it and starts it again. It keeps its place in the quota meanwhile. */
    public CompletionStage<Container> restart(TenantId tenant, String idOrName, @Nullable Duration timeout) {
        ContainerId id = findId(tenant, idOrName);
        lifecycle.beginRestart(id);
        try {
            return stop(tenant, id.value(), timeout, DesiredState.RUNNING, null)
                    .thenApplyAsync(stopped -> start(tenant, id.value()), threads.helpers())
                    .whenComplete((started, failure) -> lifecycle.endRestart(id));
        } catch (RuntimeException e) {
            lifecycle.endRestart(id);
            throw e;
        }
    }

    /** Sends a signal. {@code SIGKILL} ends every process, and is waited for. */
    public Container kill(TenantId tenant, String idOrName, int signal) {
        return locked(tenant, idOrName, container -> {
            if (!container.state().isAlive()) {
                throw ContainerErrors.wrongState(container, "sent a signal", "it does not run");
            }
            if (signal == Signals.SIGKILL) {
                return lifecycle.kill(container.wanting(DesiredState.STOPPED));
            }
            engine.signal(container.id(), signal);
            return container;
        });
    }

    public Container pause(TenantId tenant, String idOrName) {
        return locked(tenant, idOrName, container -> {
            if (container.state() == ContainerState.PAUSED) {
                return container;
            }
            if (!container.state().canPause()) {
                throw ContainerErrors.wrongState(container, "paused", "start it first");
            }
            engine.pause(container.id());
            return lifecycle.save(container.in(ContainerState.PAUSED), Durability.LAZY);
        });
    }

    public Container resume(TenantId tenant, String idOrName) {
        return locked(tenant, idOrName, container -> {
            if (container.state() == ContainerState.RUNNING) {
                activity.used(container.id());
                return container;
            }
            if (!container.state().canResume()) {
                throw ContainerErrors.wrongState(container, "resumed", "start it");
            }
            engine.resume(container.id());
            return lifecycle.save(container.in(ContainerState.RUNNING), Durability.LAZY);
        });
    }

    /**
     * Changes limits, labels or the restart policy; new limits hold at once.
     *
     * @param checkVersion throws if the container's version is not the one the client knows
     */
    public Container update(
            TenantId tenant, String idOrName, LongConsumer checkVersion, UnaryOperator<ContainerEdit> change) {
        return locked(tenant, idOrName, container -> {
            checkVersion.accept(container.version());
            ContainerSpec before = container.spec();
            ContainerEdit edit = change.apply(ContainerEdit.of(before));
            ContainerSpec after = before.edited(edit.labels(), edit.resources(), edit.restartPolicy());
            SpecValidator.validate(after);
            if (after.resources().equals(before.resources())) {
                return lifecycle.save(container.edited(after), Durability.DURABLE);
            }
            return limit(container, admission.complete(tenant, after));
        });
    }

    /** Stores first: whether there is room for the new limits is decided before they hold. */
    private Container limit(Container container, ContainerSpec after) {
        Container edited = container.edited(after);
        Demand demand = admission.ofEdit(container, edited);
        quotas.refuseAtOnce(container.tenant(), demand);
        Container saved = lifecycle.save(edited, Durability.DURABLE, demand);
        if (saved.state().isAlive()) {
            try {
                engine.update(saved.id(), after.resources().toLimits());
            } catch (RuntimeException e) {
                lifecycle.save(saved.edited(container.spec()), Durability.DURABLE);
                throw e;
            }
        }
        return saved;
    }

    /**
     * Deletes it.
     *
     * @param force even if it runs
     */
    public void delete(TenantId tenant, String idOrName, boolean force) {
        locked(tenant, idOrName, container -> {
            if (container.state().isAlive() && !force) {
                throw new BerthException(
                        ErrorCode.WRONG_STATE,
                        "container '" + container.name() + "' is "
                                + container.state().wireName() + ": stop it first, or delete it with ?force=true");
            }
            lifecycle.delete(container);
            return container;
        });
    }

    private <T> T locked(TenantId tenant, String idOrName, Function<Container, T> command) {
        ContainerId id = findId(tenant, idOrName);
        try (KeyedLocks.Held held = locks.lockForCommand(id)) {
            return command.apply(
                    repository.findContainer(tenant, id.value()).orElseThrow(() -> ContainerErrors.notFound(idOrName)));
        }
    }

    private ContainerId findId(TenantId tenant, String idOrName) {
        if (idOrName.length() > 64 || idOrName.indexOf('\0') >= 0) {
            throw ContainerErrors.notFound(idOrName);
        }
        return repository.findId(tenant, idOrName).orElseThrow(() -> ContainerErrors.notFound(idOrName));
    }
}
