package io.berth.containers;

import io.berth.common.BerthException;
import io.berth.containers.store.ContainerRepository.Durability;
import io.berth.engine.ResourceLimits;
import io.berth.tenants.TenantId;
import io.berth.tenants.quota.Charge;
import io.berth.tenants.quota.Demand;
import io.berth.tenants.quota.Quota;
import io.berth.tenants.quota.QuotaResource;
import io.berth.tenants.quota.QuotaService;
import io.berth.tenants.quota.Refusal;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Says what containers ask of their tenant's quota. */
@ApplicationScoped
class ContainerAdmission {

    private final QuotaService quotas;
    private final Lifecycle lifecycle;
    private final ContainerSettings settings;

    ContainerAdmission(QuotaService quotas, Lifecycle lifecycle, ContainerSettings settings) {
        this.quotas = quotas;
        this.lifecycle = lifecycle;
        this.settings = settings;
    }

    /**
     * Gives what it leaves out: the most one container may have, where there is such a limit.
     *
     * @throws BerthException {@code VALIDATION_FAILED} if the tenant reserves a resource and the specification does not say how
     *     much
     */
    ContainerSpec complete(TenantId tenant, ContainerSpec spec) {
        Quota quota = quotas.get(tenant);
        if (quota.isUnlimited()) {
            return spec;
        }
        Resources resources = spec.resources();
        Long mostCpus = quota.limit(QuotaResource.MAX_CONTAINER_CPUS);
        if (resources.cpus() == null && mostCpus != null) {
            resources = resources.withCpus(mostCpus);
        }
        Long mostMemory = quota.limit(QuotaResource.MAX_CONTAINER_MEMORY);
        if (resources.memory() == null && mostMemory != null) {
            resources = resources.withMemory(mostMemory);
        }
        requireDeclared(quota, QuotaResource.CPUS, resources.cpus());
        requireDeclared(quota, QuotaResource.MEMORY, resources.memory());
        requireDeclared(quota, QuotaResource.PIDS, resources.pids());
        requireDeclared(quota, QuotaResource.IO_READ, resources.ioRead());
        requireDeclared(quota, QuotaResource.IO_WRITE, resources.ioWrite());
        Long mostTtl = quota.limit(QuotaResource.MAX_TTL);
        Duration ttl = spec.ttl() == null && mostTtl != null ? Duration.ofSeconds(mostTtl) : spec.ttl();
        return spec.edited(spec.labels(), resources, spec.restartPolicy()).living(ttl);
    }

    private static void requireDeclared(Quota quota, QuotaResource resource, @Nullable Object declared) {
        if (declared == null && quota.reserves(resource)) {
            throw BerthException.invalidField(
                    "/resources/" + resource.wireName(),
                    "is required: the tenant's quota reserves '" + resource.wireName()
                            + "' for each running container, so each must say how much it may use");
        }
    }

    /** @param spec complete */
    static Demand ofCreate(ContainerSpec spec, boolean start) {
        Demand demand = each(spec.resources())
                .and(QuotaResource.CONTAINERS, 1L)
                .and(
                        QuotaResource.MAX_TTL,
                        spec.ttl() == null ? null : spec.ttl().toSeconds());
        return start ? running(demand, spec.resources()) : demand;
    }

    private static Demand each(Resources resources) {
        ResourceLimits limits = resources.toLimits();
        return Demand.NOTHING
                .and(QuotaResource.MAX_CONTAINER_CPUS, limits.milliCpus())
                .and(QuotaResource.MAX_CONTAINER_MEMORY, limits.memoryBytes());
    }

    private static Demand running(Demand demand, Resources resources) {
        ResourceLimits limits = resources.toLimits();
        return demand.and(QuotaResource.RUNNING_CONTAINERS, 1L)
                .and(QuotaResource.CPUS, limits.milliCpus())
                .and(QuotaResource.MEMORY, limits.memoryBytes())
                .and(QuotaResource.PIDS, limits.pids())
                .and(QuotaResource.IO_READ, limits.ioReadBytesPerSecond())
                .and(QuotaResource.IO_WRITE, limits.ioWriteBytesPerSecond());
    }

    /** What larger limits charge on top; smaller ones are always possible. */
    Demand ofEdit(Container before, Container after) {
        ResourceLimits old = before.spec().resources().toLimits();
        ResourceLimits changed = after.spec().resources().toLimits();
        Demand demand = Demand.NOTHING
                .and(QuotaResource.MAX_CONTAINER_CPUS, raised(old.milliCpus(), changed.milliCpus()))
                .and(QuotaResource.MAX_CONTAINER_MEMORY, raised(old.memoryBytes(), changed.memoryBytes()));
        if (!Charge.CONTAINER_RUNS.isMadeBy(before.phase())) {
            return demand;
        }
        return demand.and(QuotaResource.CPUS, more(old.milliCpus(), changed.milliCpus()))
                .and(QuotaResource.MEMORY, more(old.memoryBytes(), changed.memoryBytes()))
                .and(QuotaResource.PIDS, more(old.pids(), changed.pids()))
                .and(QuotaResource.IO_READ, more(old.ioReadBytesPerSecond(), changed.ioReadBytesPerSecond()))
                .and(QuotaResource.IO_WRITE, more(old.ioWriteBytesPerSecond(), changed.ioWriteBytesPerSecond()));
    }

    private static @Nullable Long raised(@Nullable Long old, @Nullable Long changed) {
        return changed != null && old != null && changed <= old ? null : changed;
    }

    private static @Nullable Long more(@Nullable Long old, @Nullable Long changed) {
        return changed == null ? null : (Long) (changed - (old == null ? 0 : old));
    }

    /** All that a container would be refused for. */
    List<Refusal> check(TenantId tenant, ContainerSpec spec, boolean start) {
        ContainerSpec complete = complete(tenant, spec);
        Resources resources = complete.resources().pids() == null
                ? complete.resources().withPids(settings.defaultPids())
                : complete.resources();
        return quotas.check(
                tenant, ofCreate(complete.edited(complete.labels(), resources, complete.restartPolicy()), start));
    }

    /**
     * Takes the place in the quota that a start needs; one that waits for a restart has it. The container's lock must be held.
     *
     * @return the container as it is stored, wanting to run if that charges something
     * @throws BerthException {@code QUOTA_EXCEEDED}
     */
    Container admitStart(Container container) {
        if (Charge.CONTAINER_RUNS.isMadeBy(container.phase())) {
            return container;
        }
        TenantId tenant = container.tenant();
        ContainerSpec spec =
                complete(tenant, container.spec()).living(container.spec().ttl());
        Container planned = container.edited(spec);
        Demand demand = running(each(spec.resources()), spec.resources());
        quotas.refuseAtOnce(tenant, demand);
        return quotas.decidesOn(tenant, demand)
                ? lifecycle.save(planned.wanting(DesiredState.RUNNING), Durability.LAZY, demand)
                : planned;
    }
}
