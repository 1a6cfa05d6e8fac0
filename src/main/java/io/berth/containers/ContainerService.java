package io.berth.containers;

import io.berth.api.paging.Page;
import io.berth.api.paging.PageRequest;
import io.berth.common.BerthException;
import io.berth.containers.store.ContainerRepository;
import io.berth.engine.ContainerId;
import io.berth.images.ImageService;
import io.berth.images.ImageService.PullProgress;
import io.berth.images.ResolvedImage;
import io.berth.operations.OperationRun;
import io.berth.operations.OperationService;
import io.berth.tenants.TenantId;
import io.berth.tenants.quota.Refusal;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/**
 * The containers of tenants: making and finding them, waiting for them. {@link ContainerCommands} changes them. The caller has
 * already asked whether it may; everything is looked up within the tenant.
 */
@ApplicationScoped
public class ContainerService {

    /** Of the ids of containers. */
    public static final String ID_PREFIX = "ctr";

    private static final int FOLLOWED_AT_ONCE = 200;

    private final ContainerRepository repository;
    private final ContainerCreator creator;
    private final ContainerAdmission admission;
    private final ImageService images;
    private final OperationService operations;
    private final ContainerWatch watch;
    private final ContainerSettings settings;

    ContainerService(
            ContainerRepository repository,
            ContainerCreator creator,
            ContainerAdmission admission,
            ImageService images,
            OperationService operations,
            ContainerWatch watch,
            ContainerSettings settings) {
        this.repository = repository;
        this.creator = creator;
        this.admission = admission;
        this.images = images;
        this.operations = operations;
        this.watch = watch;
        this.settings = settings;
    }

    /**
     * Makes a container, and starts it. Blocks: for milliseconds when the image is there, else for the pull, but for no longer
     * than the configured time. A failure leaves nothing.
     *
     * @param id a new one
     * @param start whether to start it as well
     * @param async whether to answer with an operation at once
     * @throws BerthException telling what is wrong with the specification, its image or its command
     */
    public CreateOutcome create(TenantId tenant, ContainerId id, ContainerSpec spec, boolean start, boolean async) {
        SpecValidator.validate(spec);
        Optional<ResolvedImage> image = images.find(tenant, spec.image());
        if (image.isEmpty() && !images.canPull(spec.image())) {
            throw ContainerErrors.imageNotFound(spec.image());
        }
        if (image.isPresent() && !async) {
            return new CreateOutcome.Created(creator.create(tenant, id, spec, image.get(), start));
        }
        refuseTakenName(tenant, spec);
        // so that nothing is pulled for what is refused in the end
        check(tenant, spec, start).stream().findFirst().ifPresent(refusal -> {
            throw refusal.toException();
        });
        AtomicReference<Container> made = new AtomicReference<>();
        OperationRun run = operations.start(tenant, "container.create", spec.name(), progress -> {
            ResolvedImage resolved =
                    image.isPresent() ? image.get() : images.pull(tenant, spec.image(), PullProgress.of(progress));
            Container container = creator.create(tenant, id, spec, resolved, start);
            made.set(container);
            return path(container);
        });
        boolean done = !async && isDoneInTime(run);
        Container container = made.get();
        return done && container != null
                ? new CreateOutcome.Created(container)
                : new CreateOutcome.Accepted(run.current());
    }

    /**
     * All that the tenant's quota would refuse the container for, without making it.
     *
     * @throws BerthException telling what is wrong with the specification
     */
    public List<Refusal> check(TenantId tenant, ContainerSpec spec, boolean start) {
        SpecValidator.validate(spec);
        return admission.check(tenant, spec, start);
    }

    /** Ids of those whose main process exists. */
    public List<ContainerId> alive(TenantId tenant) {
        return repository.idsAlive(tenant);
    }

    /** Calls for every container, of all tenants, that lives and has an idle timeout or a health check. Blocks. */
    public void forEachFollowed(Consumer<Container> action) {
        String after = "";
        List<Container> some;
        do {
            some = repository.followedAfter(after, FOLLOWED_AT_ONCE);
            some.forEach(action);
            after = some.isEmpty() ? after : some.get(some.size() - 1).id().value();
        } while (some.size() == FOLLOWED_AT_ONCE);
    }

    /** @throws BerthException {@code CONTAINER_NOT_FOUND} */
    public Container get(TenantId tenant, String idOrName) {
        return find(tenant, idOrName).orElseThrow(() -> ContainerErrors.notFound(idOrName));
    }

    public Optional<Container> find(TenantId tenant, String idOrName) {
        if (idOrName.length() > 64 || idOrName.indexOf('\0') >= 0) {
            return Optional.empty();
        }
        return repository.findContainer(tenant, idOrName);
    }

    /** Names of those of these containers that exist, of whichever tenant. */
    public Map<ContainerId, String> names(Collection<ContainerId> ids) {
        return ids.isEmpty() ? Map.of() : repository.names(ids);
    }

    /** Newest first. */
    public Page<Container> list(TenantId tenant, ContainerQuery query, PageRequest page) {
        return Page.of(
                repository.page(tenant, query, page),
                page,
                container -> container.id().value());
    }

    /**
     * Waits for a state without holding a thread.
     *
     * @return the container when the condition was met, or as it stands after the time
     */
    public CompletionStage<Container> await(
            TenantId tenant, String idOrName, WaitCondition condition, Duration atMost) {
        Container container = get(tenant, idOrName);
        CompletableFuture<Container> next = watch.next(container.id(), condition::isMetBy);
        // looked at again, now that no change can be missed
        Container now = repository.findContainer(container.id()).orElseGet(() -> container.in(ContainerState.GONE));
        if (condition.isMetBy(now.state()) || atMost.isZero()) {
            next.cancel(false);
            return CompletableFuture.completedFuture(now);
        }
        return next.orTimeout(atMost.toMillis(), TimeUnit.MILLISECONDS)
                .exceptionallyAsync(timeout ->
                        repository.findContainer(container.id()).orElseGet(() -> container.in(ContainerState.GONE)));
    }

    /** Where a container can be asked for. */
    public static String path(Container container) {
        return "/api/v1/tenants/" + container.tenant() + "/containers/" + container.id();
    }

    private void refuseTakenName(TenantId tenant, ContainerSpec spec) {
        String name = spec.name();
        if (name != null && find(tenant, name).isPresent()) {
            throw ContainerErrors.nameTaken(name);
        }
    }

    private boolean isDoneInTime(OperationRun run) {
        try {
            var unused =
                    run.result().toCompletableFuture().get(settings.createWait().toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException later) {
            return false;
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
