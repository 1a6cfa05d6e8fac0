package io.berth.tenants.quota;

import io.berth.common.KeyedLocks;
import io.berth.engine.EngineException;
import io.berth.tenants.TenantId;
import io.berth.tenants.TenantParticipant;
import io.berth.tenants.quota.Admission.Excess;
import io.berth.tenants.quota.store.QuotaRepository;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Instance;
import jakarta.transaction.Transactional;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jboss.logging.Logger;

/**
 * Keeps the quotas of tenants and decides what fits. All quotas are in memory, so that a tenant without limits pays nothing; a
 * decision that depends on what others have charged is made in the database, in the transaction that charges, behind the lock of
 * the tenant's row: two requests at once never both get the last unit, and there is no counter that could drift. What is charged
 * in memory, as by execs, is decided there by who keeps it.
 */
@ApplicationScoped
public class QuotaService implements TenantParticipant {

    private static final Logger LOG = Logger.getLogger(QuotaService.class);
    /** Fewer free than this, and the few processes that a start or an exec takes do not fit. */
    private static final long FEW_PIDS = 8;

    private static final long LITTLE_MEMORY = 4L << 20;

    private final QuotaRepository repository;
    private final Instance<QuotaCharges> charges;
    private final Instance<PoolKeeper> pools;
    private final Event<QuotaChanged> changed;
    private final Map<TenantId, Quota> quotas = new ConcurrentHashMap<>();
    private final KeyedLocks<TenantId> turns = new KeyedLocks<>();

    QuotaService(
            QuotaRepository repository,
            Instance<QuotaCharges> charges,
            Instance<PoolKeeper> pools,
            Event<QuotaChanged> changed) {
        this.repository = repository;
        this.charges = charges;
        this.pools = pools;
        this.changed = changed;
    }

    void onStart(@Observes @Priority(150) StartupEvent event) {
        quotas.putAll(repository.all());
    }

    /** Never blocks. */
    public Quota get(TenantId tenant) {
        return quotas.getOrDefault(tenant, Quota.UNLIMITED);
    }

    /** The tenants that have a quota. */
    public List<TenantId> tenants() {
        return List.copyOf(quotas.keySet());
    }

    @Override
    public int order() {
        return Order.RECORDS;
    }

    @Override
    public void delete(TenantId tenant) {
        try (KeyedLocks.Held held = turns.lock(tenant)) {
            repository.remove(tenant);
            quotas.remove(tenant);
        }
    }

    /**
     * Refuses what can be told without the database: what is too much for one container, and who comes to a pool that takes
     * nobody in. Costs one small read at most, and nothing without a quota.
     *
     * @throws io.berth.common.BerthException {@code QUOTA_EXCEEDED}
     */
    public void refuseAtOnce(TenantId tenant, Demand demand) {
        Quota quota = get(tenant);
        if (!quota.isUnlimited()) {
            refuse(tenant, each(quota, demand));
            refuse(tenant, Admission.overdrawn(quota, demand, overdrawn(tenant)));
        }
    }

    /** Whether {@link #admit} has something to decide. Answers from memory. */
    public boolean decidesOn(TenantId tenant, Demand demand) {
        Quota quota = get(tenant);
        return demand.amounts().keySet().stream().anyMatch(quota::countsCharges);
    }

    /**
     * Lets the demand in or refuses it. To be called within the transaction that charges it, before it does: until that ends
     * no other demand of the tenant is decided.
     *
     * @throws io.berth.common.BerthException {@code QUOTA_EXCEEDED}
     */
    @Transactional(Transactional.TxType.MANDATORY)
    public void admit(TenantId tenant, Demand demand) {
        if (decidesOn(tenant, demand)) {
            Quota quota = repository.lock(tenant).orElse(Quota.UNLIMITED);
            refuse(tenant, Admission.judge(quota, demand, charged(tenant, quota, demand)));
        }
    }

    /**
     * Runs a transaction that calls {@link #admit}. Those of one tenant run one after the other, so that they wait here and not
     * with a connection to the database in their hands.
     */
    public <T> T inTurn(TenantId tenant, Supplier<T> transaction) {
        try (KeyedLocks.Held held = turns.lock(tenant)) {
            return transaction.get();
        }
    }

    /**
     * Decides on what is charged in memory; the caller sees to it that no two decisions are made at once.
     *
     * @throws io.berth.common.BerthException {@code QUOTA_EXCEEDED}
     */
    public void admit(TenantId tenant, Demand demand, Map<QuotaResource, Long> charged) {
        refuse(tenant, Admission.judge(get(tenant), demand, charged));
    }

    /** All that the demand would be refused for, in the order it would be; without doing anything. */
    public List<Refusal> check(TenantId tenant, Demand demand) {
        Quota quota = get(tenant);
        List<Excess> excesses = new ArrayList<>(each(quota, demand));
        excesses.addAll(Admission.overdrawn(quota, demand, overdrawn(tenant)));
        Admission.judge(quota, demand, charged(tenant, quota, demand)).stream()
                .filter(excess -> excess.resource().level() != Level.EACH)
                .forEach(excesses::add);
        return excesses.stream().map(excess -> refusal(tenant, excess)).toList();
    }

    /**
     * What a failure of the engine to start a process means, where a pool is spent: the kernel refuses what nobody can
     * foresee under the policy {@link Policy#SHARE}. Other failures pass.
     */
    public RuntimeException explain(TenantId tenant, EngineException failure) {
        Quota quota = get(tenant);
        Long pids = quota.limit(QuotaResource.PIDS);
        Long memory = quota.limit(QuotaResource.MEMORY);
        if (failure.reason() != EngineException.Reason.INTERNAL || (pids == null && memory == null)) {
            return failure;
        }
        Map<QuotaResource, Long> inUse = inUse(tenant);
        long processes = inUse.getOrDefault(QuotaResource.PIDS, 0L);
        long bytes = inUse.getOrDefault(QuotaResource.MEMORY, 0L);
        if (pids != null && pids - processes < FEW_PIDS) {
            return refusal(tenant, new Excess(QuotaResource.PIDS, pids, processes, 1))
                    .toException(failure);
        }
        if (memory != null && memory - bytes < LITTLE_MEMORY) {
            return refusal(tenant, new Excess(QuotaResource.MEMORY, memory, bytes, LITTLE_MEMORY))
                    .toException(failure);
        }
        return failure;
    }

    /** How the tenant stands with every resource. Blocks for two queries and a look at the kernel's counters. */
    public Map<QuotaResource, UsageNow> usageNow(TenantId tenant) {
        return usageNow(tenant, get(tenant));
    }

    private Map<QuotaResource, UsageNow> usageNow(TenantId tenant, Quota quota) {
        Map<QuotaResource, Long> charged = new EnumMap<>(QuotaResource.class);
        QuarkusTransaction.joiningExisting()
                .run(() -> charges.forEach(feature -> charged.putAll(feature.charged(tenant))));
        Map<QuotaResource, Long> inUse = inUse(tenant);
        Map<QuotaResource, UsageNow> usage = new EnumMap<>(QuotaResource.class);
        for (QuotaResource resource : QuotaResource.values()) {
            boolean pool = resource.level() == Level.POOL;
            usage.put(
                    resource,
                    new UsageNow(
                            resource,
                            quota.limit(resource),
                            pool ? inUse.get(resource) : charged.get(resource),
                            pool ? charged.getOrDefault(resource, 0L) : null,
                            quota.policy(resource)));
        }
        return usage;
    }

    /**
     * Gives the tenant another quota, at once and for what runs already.
     *
     * @param edit makes it of the present one
     * @param checkVersion throws if the present version is not the one the client knows
     * @throws io.berth.common.BerthException {@code VALIDATION_FAILED} telling everything that makes no sense
     */
    public QuotaChange change(TenantId tenant, UnaryOperator<Quota> edit, LongConsumer checkVersion) {
        try (KeyedLocks.Held held = turns.lock(tenant)) {
            Quota before = get(tenant);
            checkVersion.accept(before.version());
            Quota wanted = edit.apply(before);
            QuotaValidator.validate(wanted);
            pools.forEach(keeper -> keeper.requirePossible(wanted));
            store(tenant, wanted.atVersion(before.version() + 1));
            try {
                pools.forEach(keeper -> keeper.apply(tenant));
            } catch (RuntimeException e) {
                store(tenant, before.atVersion(before.version() + 2));
                throw e;
            }
        }
        LOG.infof("the quota of tenant %s was changed", tenant);
        return new QuotaChange(get(tenant), over(tenant, get(tenant)));
    }

    /** What {@link #change} would say, without doing it; it throws the same. */
    public QuotaChange preview(TenantId tenant, UnaryOperator<Quota> edit, LongConsumer checkVersion) {
        Quota before = get(tenant);
        checkVersion.accept(before.version());
        Quota wanted = edit.apply(before);
        QuotaValidator.validate(wanted);
        pools.forEach(keeper -> keeper.requirePossible(wanted));
        return new QuotaChange(wanted.atVersion(before.version()), over(tenant, wanted));
    }

    private void store(TenantId tenant, Quota quota) {
        QuarkusTransaction.joiningExisting().run(() -> {
            repository.put(tenant, quota);
            changed.fire(new QuotaChanged(tenant, quota));
        });
        quotas.put(tenant, quota);
    }

    private List<QuotaChange.Over> over(TenantId tenant, Quota quota) {
        List<QuotaChange.Over> over = new ArrayList<>();
        usageNow(tenant, quota).values().forEach(now -> {
            Long limit = now.limit();
            boolean reserved = now.policy() == Policy.RESERVE;
            long used = Math.max(
                    Objects.requireNonNullElse(now.used(), 0L),
                    reserved ? Objects.requireNonNullElse(now.reserved(), 0L) : 0);
            if (limit != null && used > limit && now.resource().level() != Level.RATE) {
                over.add(new QuotaChange.Over(now.resource(), limit, used));
            }
        });
        return over;
    }

    private static List<Excess> each(Quota quota, Demand demand) {
        return Admission.judge(quota, demand, Map.of()).stream()
                .filter(excess -> excess.resource().level() == Level.EACH)
                .toList();
    }

    private Map<QuotaResource, Long> charged(TenantId tenant, Quota quota, Demand demand) {
        List<QuotaResource> asked =
                demand.amounts().keySet().stream().filter(quota::countsCharges).toList();
        Map<QuotaResource, Long> charged = new EnumMap<>(QuotaResource.class);
        charges.stream()
                .filter(feature -> !Collections.disjoint(feature.resources(), asked))
                .forEach(feature -> charged.putAll(feature.charged(tenant)));
        return charged;
    }

    private Map<QuotaResource, Long> overdrawn(TenantId tenant) {
        Map<QuotaResource, Long> overdrawn = new EnumMap<>(QuotaResource.class);
        pools.forEach(keeper -> overdrawn.putAll(keeper.overdrawn(tenant)));
        return overdrawn;
    }

    private Map<QuotaResource, Long> inUse(TenantId tenant) {
        Map<QuotaResource, Long> inUse = new EnumMap<>(QuotaResource.class);
        pools.forEach(keeper -> inUse.putAll(keeper.inUse(tenant)));
        return inUse;
    }

    private void refuse(TenantId tenant, List<Excess> excesses) {
        if (!excesses.isEmpty()) {
            throw refusal(tenant, excesses.get(0)).toException();
        }
    }

    private Refusal refusal(TenantId tenant, Excess excess) {
        Holders holders = charges.stream()
                .filter(feature -> feature.resources().contains(excess.resource()))
                .findFirst()
                .map(feature -> feature.holders(tenant, excess.resource()))
                .orElse(new Holders(0, List.of()));
        return new Refusal(tenant, excess.resource(), excess.limit(), excess.used(), excess.requested(), holders);
    }
}
