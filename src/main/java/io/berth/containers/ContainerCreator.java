package io.berth.containers;

import io.berth.common.KeyedLocks;
import io.berth.common.Rollback;
import io.berth.containers.store.ContainerRepository;
import io.berth.containers.store.ContainerRepository.Durability;
import io.berth.engine.ContainerEngine;
import io.berth.engine.ContainerId;
import io.berth.engine.CreatedContainer;
import io.berth.engine.EngineException;
import io.berth.images.ResolvedImage;
import io.berth.tenants.TenantDirectory;
import io.berth.tenants.TenantId;
import io.berth.tenants.quota.Demand;
import io.berth.tenants.quota.QuotaService;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * Makes and starts a container: all of it or nothing. The row is written while the engine works, so that the database costs
 * almost no time; the engine only waits for the tenant's quota to be asked, where it has limits. What a crash leaves is known by its state and removed at the next start, because no client has heard of it:
 *
 * <ul>
 *   <li>on the host without a row: the insert had not been committed;
 *   <li>a row in {@code creating}: the second commit, which is the durable one, had not.
 * </ul>
 */
@ApplicationScoped
class ContainerCreator {

    private final ContainerRepository repository;
    private final ContainerEngine engine;
    private final EngineConfigs configs;
    private final Groups groups;
    private final ContainerAdmission admission;
    private final QuotaService quotas;
    private final ContainerLocks locks;
    private final ContainerThreads threads;
    private final ContainerWatch watch;
    private final ContainerSettings settings;
    private final TenantDirectory tenants;
    private final Clock clock;

    ContainerCreator(
            ContainerRepository repository,
            ContainerEngine engine,
            EngineConfigs configs,
            Groups groups,
            ContainerAdmission admission,
            QuotaService quotas,
            ContainerLocks locks,
            ContainerThreads threads,
            ContainerWatch watch,
            ContainerSettings settings,
            TenantDirectory tenants,
            Clock clock) {
        this.repository = repository;
        this.engine = engine;
        this.configs = configs;
        this.groups = groups;
        this.admission = admission;
        this.quotas = quotas;
        this.locks = locks;
        this.threads = threads;
        this.watch = watch;
        this.settings = settings;
        this.tenants = tenants;
        this.clock = clock;
    }

    /**
     * @param id a new one
     * @param start whether to start it as well
     */
    Container create(TenantId tenant, ContainerId id, ContainerSpec spec, ResolvedImage image, boolean start) {
        Container planned = plan(tenant, id, spec, image, start);
        Timings timings = new Timings();
        Demand demand = ContainerAdmission.ofCreate(planned.spec(), start);
        quotas.refuseAtOnce(tenant, demand);
        groups.ensure(tenant);
        try (KeyedLocks.Held held = locks.lockForCommand(planned.id());
                Rollback rollback = new Rollback()) {
            CompletableFuture<Void> admitted = new CompletableFuture<>();
            CompletableFuture<Void> insert =
                    CompletableFuture.runAsync(() -> insert(planned, demand, admitted), threads.helpers());
            rollback.push("remove the row of " + planned.id(), () -> removeRow(planned.id(), insert));
            timings.measure("admit", () -> {
                join(admitted);
            });
            rollback.push("delete " + planned.id() + " from the host", () -> engine.delete(planned.id()));
            CreatedContainer created = createOnHost(planned);
            timings.add(created.phases());
            timings.measure("insert", () -> {
                join(insert);
            });
            // from here on a suspension or deletion finds the row; one that came before is seen now
            tenants.requireActive(tenant);
            Container container = start
                    ? startAndSave(planned, created, timings)
                    : repository.save(
                            planned.observing(planned.observed().created(created.ipAddress(), timings.finish())),
                            Durability.DURABLE);
            rollback.disarm();
            watch.publish(container);
            return container;
        }
    }

    /** @param admitted is told as soon as the quota has decided; the insert goes on */
    private void insert(Container planned, Demand demand, CompletableFuture<Void> admitted) {
        try {
            if (quotas.decidesOn(planned.tenant(), demand)) {
                quotas.inTurn(planned.tenant(), () -> {
                    repository.insert(planned, Durability.LAZY, demand, () -> admitted.complete(null));
                    return planned;
                });
            } else {
                admitted.complete(null);
                repository.insert(planned, Durability.LAZY, Demand.NOTHING, () -> {});
            }
        } catch (RuntimeException e) {
            admitted.completeExceptionally(e);
            throw e;
        }
    }

    private CreatedContainer createOnHost(Container planned) {
        try {
            return engine.create(configs.of(planned));
        } catch (EngineException e) {
            throw planned.explain(quotas.explain(planned.tenant(), e));
        }
    }

    private Container startAndSave(Container planned, CreatedContainer created, Timings timings) {
        Instant now = clock.instant();
        Map<String, Double> soFar = timings.finish();
        CompletableFuture<Container> save = CompletableFuture.supplyAsync(
                () -> repository.saveAhead(
                        planned.observing(planned.observed().running(created.ipAddress(), now, soFar)),
                        Durability.DURABLE),
                threads.helpers());
        try {
            timings.measure("start", () -> engine.start(planned.id()));
        } catch (RuntimeException e) {
            // the row must not change after it was removed
            save.handle((saved, failure) -> saved).join();
            throw planned.explain(e);
        }
        Container saved = timings.measure("save", () -> join(save));
        Container started = saved.observing(saved.observed().running(created.ipAddress(), now, timings.finish()));
        repository.confirm(started);
        return started;
    }

    private Container plan(TenantId tenant, ContainerId id, ContainerSpec spec, ResolvedImage image, boolean start) {
        String name = spec.name() == null ? NameGenerator.next() : spec.name();
        ContainerSpec within = admission.complete(tenant, spec);
        Resources resources = within.resources().pids() == null
                ? within.resources().withPids(settings.defaultPids())
                : within.resources();
        ContainerSpec complete = within.completed(
                name,
                resources,
                Healthcheck.complete(within.healthcheck(), image.config().healthcheck()));
        Instant now = clock.instant();
        return new Container(
                id,
                tenant,
                complete,
                image.digest().toString(),
                LaunchPlanner.plan(complete, image),
                start ? DesiredState.RUNNING : DesiredState.STOPPED,
                Observation.CREATING,
                0,
                now,
                complete.ttl() == null ? null : now.plus(complete.ttl()),
                0);
    }

    private void removeRow(ContainerId id, CompletableFuture<Void> insert) {
        boolean inserted = insert.handle((nothing, failure) -> failure == null).join();
        if (inserted) {
            repository.abandon(id);
        }
    }

    private static <T> T join(CompletableFuture<T> future) {
        try {
            return future.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }
}
