package io.berth.execs;

import io.berth.common.KeyedLocks;
import io.berth.containers.ContainerHandle;
import io.berth.containers.ContainerService;
import io.berth.engine.ContainerEngine;
import io.berth.engine.ContainerId;
import io.berth.engine.EngineException;
import io.berth.engine.ExecId;
import io.berth.engine.SessionStatus;
import io.berth.tenants.TenantId;
import io.berth.tenants.quota.Demand;
import io.berth.tenants.quota.Holders;
import io.berth.tenants.quota.QuotaCharges;
import io.berth.tenants.quota.QuotaResource;
import io.berth.tenants.quota.QuotaService;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * Counts the execs of each tenant: those on pipes, which end with the server, and the sessions that the engine knows, which do
 * not. A session is counted from here only until the engine has it, so that there is nothing to be restored after a restart.
 */
@ApplicationScoped
class ExecQuota implements ExecAdmission, QuotaCharges {

    private static final Demand ONE = Demand.of(QuotaResource.EXEC_SESSIONS, 1);

    private final QuotaService quotas;
    private final ContainerService containers;
    private final ContainerEngine engine;
    private final Map<TenantId, Set<ExecId>> taken = new ConcurrentHashMap<>();
    private final KeyedLocks<TenantId> locks = new KeyedLocks<>();

    ExecQuota(QuotaService quotas, ContainerService containers, ContainerEngine engine) {
        this.quotas = quotas;
        this.containers = containers;
        this.engine = engine;
    }

    @Override
    public Place take(ContainerHandle container, ExecId exec) {
        TenantId tenant = container.tenant();
        quotas.refuseAtOnce(tenant, ONE);
        if (!quotas.decidesOn(tenant, ONE)) {
            return place(tenant, exec);
        }
        try (KeyedLocks.Held held = locks.lock(tenant)) {
            quotas.admit(tenant, ONE, charged(tenant));
            return place(tenant, exec);
        }
    }

    @Override
    public RuntimeException explain(ContainerHandle container, EngineException failure) {
        return quotas.explain(container.tenant(), failure);
    }

    private Place place(TenantId tenant, ExecId exec) {
        taken.compute(tenant, (key, known) -> {
            Set<ExecId> execs = known == null ? ConcurrentHashMap.newKeySet() : known;
            execs.add(exec);
            return execs;
        });
        return () -> taken.computeIfPresent(tenant, (key, execs) -> {
            execs.remove(exec);
            return execs.isEmpty() ? null : execs;
        });
    }

    @Override
    public Set<QuotaResource> resources() {
        return ONE.amounts().keySet();
    }

    @Override
    public Map<QuotaResource, Long> charged(TenantId tenant) {
        return Map.of(QuotaResource.EXEC_SESSIONS, (long) running(tenant).size());
    }

    @Override
    public Holders holders(TenantId tenant, QuotaResource resource) {
        List<String> ids = running(tenant).stream().map(ExecId::value).sorted().toList();
        return new Holders(ids.size(), ids.subList(Math.max(0, ids.size() - Holders.NAMED), ids.size()));
    }

    private Set<ExecId> running(TenantId tenant) {
        Set<ExecId> running = new HashSet<>(taken.getOrDefault(tenant, Set.of()));
        containers.alive(tenant).stream()
                .flatMap(this::sessions)
                .filter(session -> session.exit() == null)
                .forEach(session -> running.add(session.id()));
        return running;
    }

    private Stream<SessionStatus> sessions(ContainerId container) {
        try {
            return engine.sessions(container).stream();
        } catch (EngineException e) {
            if (e.reason() == EngineException.Reason.NOT_FOUND) {
                return Stream.empty();
            }
            throw e;
        }
    }
}
