package io.berth.containers.store;

import io.berth.api.paging.PageRequest;
import io.berth.containers.Container;
import io.berth.containers.ContainerErrors;
import io.berth.containers.ContainerEvents;
import io.berth.containers.ContainerQuery;
import io.berth.containers.ContainerState;
import io.berth.engine.ContainerId;
import io.berth.events.EventDraft;
import io.berth.events.EventLog;
import io.berth.tenants.TenantId;
import io.berth.tenants.quota.Demand;
import io.berth.tenants.quota.QuotaResource;
import io.berth.tenants.quota.QuotaService;
import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.Query;
import jakarta.transaction.Transactional;
import java.time.Instant;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.hibernate.exception.ConstraintViolationException;
import org.hibernate.jpa.HibernateHints;

/**
 * Containers in the database. Every query but those of the reconciler is within a tenant. What changes is told by the same
 * transaction: here and nowhere else, so that no change goes without its events and none is told twice.
 */
@ApplicationScoped
public class ContainerRepository implements PanacheRepositoryBase<ContainerEntity, String> {

    /**
     * Whether a commit waits for the disk. A lazy one may be lost with the machine, never with the server alone: right for
     * what the host itself can tell again, and for what a durable commit follows.
     */
    public enum Durability {
        DURABLE,
        LAZY
    }

    /** In the order of the columns of {@link #charges}. */
    public static final List<QuotaResource> CHARGED = List.of(
            QuotaResource.CONTAINERS,
            QuotaResource.RUNNING_CONTAINERS,
            QuotaResource.CPUS,
            QuotaResource.MEMORY,
            QuotaResource.PIDS,
            QuotaResource.IO_READ,
            QuotaResource.IO_WRITE);

    private final ContainerRows rows;
    private final EventLog events;
    private final QuotaService quotas;
    private final KnownContainers known;
    private final ContainerStatements statements;

    ContainerRepository(
            ContainerRows rows,
            EventLog events,
            QuotaService quotas,
            KnownContainers known,
            ContainerStatements statements) {
        this.rows = rows;
        this.known = known;
        this.statements = statements;
        this.events = events;
        this.quotas = quotas;
    }

    /**
     * Stores a new container if the tenant's quota has room for it.
     *
     * @param demand what it charges
     * @param admitted is run when the quota has decided and its row is still locked, before the insert
     * @throws io.berth.common.BerthException {@code QUOTA_EXCEEDED}, {@code NAME_TAKEN}
     */
    @Transactional
    public void insert(Container container, Durability durability, Demand demand, Runnable admitted) {
        quotas.admit(container.tenant(), demand);
        admitted.run();
        apply(durability);
        try {
            persistAndFlush(rows.toNewEntity(container));
            known.put(container);
        } catch (ConstraintViolationException e) {
            if (String.valueOf(e.getConstraintName()).contains("tenant_name")) {
                throw ContainerErrors.nameTaken(container.name());
            }
            throw e;
        }
    }

    /** Stores what changed of its state, and of its specification, and tells it; returns it at its new version. */
    @Transactional
    public Container save(Container container, Durability durability) {
        return save(container, durability, drafts -> events.append(container.tenant(), drafts));
    }

    /**
     * The same if the tenant's quota has room for the change.
     *
     * @param demand what it charges on top of what it has charged
     * @throws io.berth.common.BerthException {@code QUOTA_EXCEEDED}
     */
    @Transactional
    public Container save(Container container, Durability durability, Demand demand) {
        quotas.admit(container.tenant(), demand);
        return save(container, durability);
    }

    /** As {@link #save}, ahead of the change itself: nothing of it is told before {@link #confirm}. */
    @Transactional
    public Container saveAhead(Container container, Durability durability) {
        return save(container, durability, drafts -> events.appendHeld(container.tenant(), drafts));
    }

    /** What was stored ahead has come true. @param container as it was stored, with the timings that are known only now */
    public void confirm(Container container) {
        known.put(container);
        events.release(container.id().value());
    }

    private Container save(Container container, Durability durability, Consumer<List<EventDraft>> tell) {
        Container before = known.find(container.id().value(), container.version())
                .filter(same -> same.spec().equals(container.spec()))
                .orElse(null);
        Container next = container.atVersion(container.version() + 1);
        if (before != null && statements.move(before.version(), next, durability)) {
            tell.accept(ContainerEvents.between(before, next));
        } else {
            next = saveWhole(container, durability, tell);
        }
        known.put(next);
        return next;
    }

    private Container saveWhole(Container container, Durability durability, Consumer<List<EventDraft>> tell) {
        apply(durability);
        ContainerEntity entity =
                findByIdOptional(container.id().value()).orElseThrow(() -> ContainerErrors.notFound(container.name()));
        Container next = container.atVersion(entity.version + 1);
        List<EventDraft> drafts = ContainerEvents.between(rows.toContainer(entity), next);
        rows.copySpec(next, entity);
        rows.copyState(next, entity);
        tell.accept(drafts);
        return next;
    }

    /** Deletes its row, and tells that it is no more. Repeatable. */
    @Transactional
    public void remove(Container container) {
        known.remove(container.id());
        if (statements.delete(container.id())) {
            events.append(container.tenant(), ContainerEvents.deleted(container));
        }
    }

    /** Deletes the row of one that could not be made, and what was to be told of it. Repeatable. */
    @Transactional
    public void abandon(ContainerId id) {
        known.remove(id);
        statements.delete(id);
        events.withdraw(id.value());
    }

    /** Those whose creation a stop of the server cut off are no more than their traces: whoever asks again may have their names. */
    @Transactional
    public void freeNamesOfUnfinished() {
        update("name = id where state = ?1", ContainerState.CREATING.name());
    }

    public Optional<Container> findContainer(ContainerId id) {
        Optional<Container> current = known.find(id.value()).filter(statements::isCurrent);
        return current.isPresent()
                ? current
                : inTransaction(() -> findByIdOptional(id.value()).map(rows::toContainer));
    }

    /** By id or by name; ids have an underscore and names do not. */
    public Optional<Container> findContainer(TenantId tenant, String idOrName) {
        Optional<Container> current = findKnown(tenant, idOrName).filter(statements::isCurrent);
        if (current.isPresent()) {
            return current;
        }
        String column = idOrName.indexOf('_') >= 0 ? "id" : "name";
        return inTransaction(() -> find("tenant = ?1 and " + column + " = ?2", tenant.value(), idOrName)
                .firstResultOptional()
                .map(rows::toContainer));
    }

    /** The id alone, from memory if it can be: of a container that was there a moment ago. */
    public Optional<ContainerId> findId(TenantId tenant, String idOrName) {
        Optional<Container> there = findKnown(tenant, idOrName);
        return (there.isPresent() ? there : findContainer(tenant, idOrName)).map(Container::id);
    }

    private Optional<Container> findKnown(TenantId tenant, String id) {
        return known.find(id).filter(container -> container.tenant().equals(tenant));
    }

    private static <T> T inTransaction(Callable<T> work) {
        return QuarkusTransaction.joiningExisting().call(work);
    }

    /** Newest first, one more than the page holds. */
    @Transactional
    @SuppressWarnings("unchecked")
    public List<Container> page(TenantId tenant, ContainerQuery query, PageRequest page) {
        StringBuilder sql = new StringBuilder("select * from container where tenant = :tenant and state <> 'CREATING'");
        Map<String, Object> parameters = new LinkedHashMap<>();
        parameters.put("tenant", tenant.value());
        if (page.after() != null) {
            sql.append(" and id < :after");
            parameters.put("after", page.after());
        }
        if (!query.states().isEmpty()) {
            sql.append(" and state in (:states)");
            parameters.put(
                    "states", query.states().stream().map(ContainerState::name).toList());
        }
        if (!query.labels().isEmpty()) {
            sql.append(" and labels @> cast(:labels as jsonb)");
            parameters.put("labels", rows.write(query.labels()));
        }
        if (query.among() != null) {
            sql.append(" and id = any(string_to_array(:among, ','))");
            parameters.put(
                    "among", query.among().stream().map(ContainerId::value).collect(Collectors.joining(",")));
        }
        if (query.text() != null) {
            sql.append(" and (name like :text or image like :text)");
            parameters.put("text", "%" + escapeLike(query.text()) + "%");
        }
        sql.append(" order by id desc");
        Query select = getEntityManager().createNativeQuery(sql.toString(), ContainerEntity.class);
        parameters.forEach(select::setParameter);
        // Hibernate would else copy each row, to see at the end whether it changed.
        select.setHint(HibernateHints.HINT_READ_ONLY, true);
        List<ContainerEntity> found = select.setMaxResults(page.limit() + 1).getResultList();
        return found.stream().map(rows::toContainer).toList();
    }

    /** Ids of the containers in one of these states, of all tenants. */
    @Transactional
    public List<ContainerId> idsIn(Collection<ContainerState> states) {
        List<String> names = states.stream().map(ContainerState::name).toList();
        return ids("select id from ContainerEntity where state in ?1", names);
    }

    @Transactional
    public Map<ContainerId, String> names(Collection<ContainerId> ids) {
        Map<ContainerId, String> names = new LinkedHashMap<>();
        getEntityManager()
                .createQuery("select id, name from ContainerEntity where id in ?1", Object[].class)
                .setParameter(1, ids.stream().map(ContainerId::value).toList())
                .getResultList()
                .forEach(row -> names.put(new ContainerId((String) row[0]), (String) row[1]));
        return names;
    }

    /** Ids of the tenant's containers, whatever their state. */
    @Transactional
    public List<ContainerId> idsOf(TenantId tenant) {
        return ids("select id from ContainerEntity where tenant = ?1", tenant.value());
    }

    /** Ids of the containers whose time to live has ended, of all tenants. */
    @Transactional
    public List<ContainerId> idsExpired(Instant now) {
        return ids("select id from ContainerEntity where expiresAt <= ?1", now);
    }

    /**
     * Containers of all tenants that live and have an idle timeout or a health check, by id.
     *
     * @param after id of the last one known, or an empty text
     */
    @Transactional
    @SuppressWarnings("unchecked")
    public List<Container> followedAfter(String after, int atMost) {
        Query select = getEntityManager()
                .createNativeQuery(
                        "select * from container where state in ('RUNNING', 'PAUSED') and id > :after"
                                + " and (spec -> 'idleTimeout' is not null or spec -> 'healthcheck' is not null) order by id",
                        ContainerEntity.class)
                .setParameter("after", after)
                .setHint(HibernateHints.HINT_READ_ONLY, true);
        List<ContainerEntity> found = select.setMaxResults(atMost).getResultList();
        return found.stream().map(rows::toContainer).toList();
    }

    /** Ids of the tenant's containers whose main process exists. */
    @Transactional
    public List<ContainerId> idsAlive(TenantId tenant) {
        return ids(
                "select id from ContainerEntity where runs and state in ('RUNNING', 'PAUSED') and tenant = ?1",
                tenant.value());
    }

    /** What the tenant's containers charge its quota with; of pools, what those that run declare. */
    @Transactional
    public Map<QuotaResource, Long> charges(TenantId tenant) {
        Object[] sums = (Object[]) getEntityManager()
                .createNativeQuery("select count(*), count(*) filter (where runs),"
                        + " coalesce(sum(milli_cpus) filter (where runs), 0),"
                        + " coalesce(sum(memory) filter (where runs), 0),"
                        + " coalesce(sum(pids) filter (where runs), 0),"
                        + " coalesce(sum(io_read) filter (where runs), 0),"
                        + " coalesce(sum(io_write) filter (where runs), 0)"
                        + " from container where tenant = :tenant")
                .setParameter("tenant", tenant.value())
                .getSingleResult();
        Map<QuotaResource, Long> charges = new EnumMap<>(QuotaResource.class);
        for (int i = 0; i < CHARGED.size(); i++) {
            charges.put(CHARGED.get(i), ((Number) sums[i]).longValue());
        }
        return charges;
    }

    /** Names of the tenant's containers, the newest first. */
    @Transactional
    @SuppressWarnings("unchecked")
    public List<String> names(TenantId tenant, boolean runningOnly, int atMost) {
        return getEntityManager()
                .createNativeQuery("select name from container where tenant = :tenant"
                        + (runningOnly ? " and runs" : "") + " order by id desc")
                .setParameter("tenant", tenant.value())
                .setMaxResults(atMost)
                .getResultList();
    }

    private List<ContainerId> ids(String query, Object parameter) {
        return getEntityManager().createQuery(query, String.class).setParameter(1, parameter).getResultList().stream()
                .map(ContainerId::new)
                .toList();
    }

    /** Whether any container of the tenant was made from the image. */
    @Transactional
    public boolean usesImage(TenantId tenant, String digest) {
        return count("tenant = ?1 and imageDigest = ?2", tenant.value(), digest) > 0;
    }

    private void apply(Durability durability) {
        if (durability == Durability.LAZY) {
            getEntityManager()
                    .createNativeQuery("set local synchronous_commit = off")
                    .executeUpdate();
        }
    }

    private static String escapeLike(String text) {
        return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_");
    }
}
