package io.berth.containers;

import io.berth.common.BerthException;
import io.berth.common.KeyedLocks;
import io.berth.engine.ContainerEngine;
import io.berth.engine.ContainerStats;
import io.berth.engine.EngineException;
import io.berth.engine.GroupId;
import io.berth.engine.GroupSpec;
import io.berth.engine.ResourceLimits;
import io.berth.tenants.TenantDirectory;
import io.berth.tenants.TenantId;
import io.berth.tenants.TenantParticipant;
import io.berth.tenants.quota.PoolKeeper;
import io.berth.tenants.quota.Quota;
import io.berth.tenants.quota.QuotaResource;
import io.berth.tenants.quota.QuotaService;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.scheduler.Scheduled;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;

/**
 * The engine's group of each tenant, made when it is first needed, and held to the tenant's quota by the kernel.
 *
 * <p>Memory in use cannot be taken away without killing. When a quota is set below what is in use, the kernel's limit is set
 * just above that and follows it down; until it has arrived the pool is overdrawn.
 */
@ApplicationScoped
class Groups implements PoolKeeper, TenantParticipant {

    private static final Logger LOG = Logger.getLogger(Groups.class);
    private static final long LEAST_MARGIN = 16L << 20;
    private static final int MARGIN_SHARE = 16;

    private final ContainerEngine engine;
    private final TenantDirectory tenants;
    private final QuotaService quotas;
    private final ContainerThreads threads;
    private final Rates rates = new Rates();
    private final Set<GroupId> ensured = ConcurrentHashMap.newKeySet();
    private final Map<TenantId, Long> overdrawnMemory = new ConcurrentHashMap<>();
    private final KeyedLocks<TenantId> locks = new KeyedLocks<>();

    Groups(ContainerEngine engine, TenantDirectory tenants, QuotaService quotas, ContainerThreads threads) {
        this.engine = engine;
        this.tenants = tenants;
        this.quotas = quotas;
        this.threads = threads;
    }

    /** Has the kernel hold what was changed and not told it before the server ended. */
    void onStart(@Observes @Priority(310) StartupEvent event) {
        quotas.tenants().forEach(tenant -> threads.repair("limit tenant " + tenant, () -> apply(tenant)));
    }

    /**
     * Blocks the first time.
     *
     * @throws io.berth.common.BerthException {@code TENANT_NOT_FOUND}, {@code TENANT_SUSPENDED}
     */
    void ensure(TenantId tenant) {
        tenants.requireActive(tenant);
        if (!ensured.contains(tenants.group(tenant))) {
            try (KeyedLocks.Held held = locks.lock(tenant)) {
                // looked at again where delete() would wait: a group must not come back
                tenants.requireActive(tenant);
                if (!ensured.contains(tenants.group(tenant))) {
                    limit(tenant);
                    ensured.add(tenants.group(tenant));
                }
            }
        }
    }

    @Override
    public int order() {
        return Order.GROUP;
    }

    @Override
    public String subject() {
        return "the group on the host";
    }

    @Override
    public void delete(TenantId tenant) {
        try (KeyedLocks.Held held = locks.lock(tenant)) {
            GroupId group = tenants.group(tenant);
            engine.removeGroup(group);
            ensured.remove(group);
            overdrawnMemory.remove(tenant);
        }
    }

    @Override
    public void requirePossible(Quota quota) {
        String scope = engine.info().features().get("ioLimits");
        for (QuotaResource resource : List.of(QuotaResource.IO_READ, QuotaResource.IO_WRITE)) {
            if (quota.limit(resource) == null || scope == null || scope.equals("groups")) {
                continue;
            }
            if (!scope.equals("containers")) {
                throw BerthException.invalidField(
                        "/" + resource.wireName(), "cannot be held by this host (" + scope + "): leave it out");
            }
            if (!quota.reserves(resource)) {
                throw BerthException.invalidField(
                        "/policies/" + resource.wireName(),
                        "must be 'reserve' on this host: with cgroup version 1 the kernel limits the I/O of each container, and"
                                + " not that of a tenant's together");
            }
        }
    }

    /** A tenant that has no group yet gets its limits with it. */
    @Override
    public void apply(TenantId tenant) {
        try (KeyedLocks.Held held = locks.lock(tenant)) {
            GroupId group = tenants.group(tenant);
            if (ensured.contains(group) || stats(tenant).isPresent()) {
                limit(tenant);
                ensured.add(group);
            }
        }
    }

    private void limit(TenantId tenant) {
        ResourceLimits wanted = quotas.get(tenant).groupLimits();
        Long memory = wanted.memoryBytes();
        try {
            engine.ensureGroup(new GroupSpec(tenants.group(tenant), wanted));
            overdrawnMemory.remove(tenant);
        } catch (EngineException e) {
            if (e.reason() != EngineException.Reason.INVALID || memory == null) {
                throw e;
            }
            overdraw(tenant, wanted, memory);
        }
    }

    /** What could be reclaimed has been: the limit goes just above the rest, so that a little growth kills nobody. */
    private void overdraw(TenantId tenant, ResourceLimits wanted, long memory) {
        long inUse = stats(tenant).map(ContainerStats::memoryBytes).orElse(0L);
        long held = Math.max(memory, inUse + Math.max(LEAST_MARGIN, inUse / MARGIN_SHARE));
        engine.ensureGroup(new GroupSpec(tenants.group(tenant), withMemory(wanted, held)));
        if (overdrawnMemory.put(tenant, inUse) == null) {
            LOG.infof(
                    "tenant %s has %d bytes of memory in use, its quota is %d: the limit follows",
                    tenant, inUse, memory);
        }
    }

    private static ResourceLimits withMemory(ResourceLimits limits, long bytes) {
        return new ResourceLimits(
                limits.milliCpus(),
                bytes,
                limits.pids(),
                limits.cpuWeight(),
                limits.ioReadBytesPerSecond(),
                limits.ioWriteBytesPerSecond());
    }

    @Scheduled(
            every = "2s",
            delayed = "2s",
            concurrentExecution = Scheduled.ConcurrentExecution.SKIP,
            skipExecutionIf = Scheduled.ApplicationNotRunning.class)
    void tighten() {
        overdrawnMemory.keySet().forEach(tenant -> {
            try {
                apply(tenant);
            } catch (EngineException e) {
                LOG.warnf(e, "the memory limit of tenant %s could not be lowered", tenant);
            }
        });
    }

    @Override
    public Map<QuotaResource, Long> overdrawn(TenantId tenant) {
        Map<QuotaResource, Long> overdrawn = new EnumMap<>(QuotaResource.class);
        Long memory = overdrawnMemory.get(tenant);
        if (memory != null) {
            overdrawn.put(QuotaResource.MEMORY, memory);
        }
        Long limit = quotas.get(tenant).limit(QuotaResource.PIDS);
        long pids = limit == null ? 0 : engine.groupPids(tenants.group(tenant));
        // the kernel refuses forks, and not what comes into a cgroup from outside as the first process of a start does
        if (limit != null && pids >= limit) {
            overdrawn.put(QuotaResource.PIDS, pids);
        }
        return overdrawn;
    }

    @Override
    public Map<QuotaResource, Long> inUse(TenantId tenant) {
        Optional<ContainerStats> found = stats(tenant);
        if (found.isEmpty()) {
            return Map.of();
        }
        ContainerStats stats = found.get();
        Map<QuotaResource, Long> inUse = new EnumMap<>(QuotaResource.class);
        inUse.put(QuotaResource.MEMORY, stats.memoryBytes());
        inUse.put(QuotaResource.PIDS, stats.pids());
        inUse.putAll(rates.since(tenant, stats));
        return inUse;
    }

    private Optional<ContainerStats> stats(TenantId tenant) {
        try {
            return Optional.of(engine.groupStats(tenants.group(tenant)));
        } catch (EngineException e) {
            if (e.reason() == EngineException.Reason.NOT_FOUND) {
                return Optional.empty();
            }
            throw e;
        }
    }
}
