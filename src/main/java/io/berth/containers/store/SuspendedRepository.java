package io.berth.containers.store;

import io.berth.engine.ContainerId;
import io.berth.tenants.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;
import java.util.List;
import java.util.Optional;

/** What suspensions did to containers, for resumptions to undo. A container that is deleted is forgotten with its row. */
@ApplicationScoped
public class SuspendedRepository {

    private final EntityManager database;

    /** What a suspension did. */
    public enum Held {
        PAUSED,
        STOPPED
    }

    SuspendedRepository(EntityManager database) {
        this.database = database;
    }

    /** Notes, before it is done, what is done to a container. The container may be gone. */
    @Transactional
    public void put(ContainerId container, TenantId tenant, Held held) {
        database.createNativeQuery("insert into suspended_container (container, tenant, was)"
                        + " select id, tenant, :was from container where id = :container and tenant = :tenant"
                        + " on conflict (container) do update set was = excluded.was")
                .setParameter("container", container.value())
                .setParameter("tenant", tenant.value())
                .setParameter("was", held.name())
                .executeUpdate();
    }

    @Transactional
    public Optional<Held> find(ContainerId container) {
        List<?> found = database.createNativeQuery("select was from suspended_container where container = :container")
                .setParameter("container", container.value())
                .getResultList();
        return found.stream().map(was -> Held.valueOf(String.valueOf(was))).findFirst();
    }

    @Transactional
    public void remove(ContainerId container) {
        database.createNativeQuery("delete from suspended_container where container = :container")
                .setParameter("container", container.value())
                .executeUpdate();
    }

    /** The tenant's held containers. */
    @Transactional
    public List<ContainerId> idsOf(TenantId tenant) {
        return ids(database.createNativeQuery("select container from suspended_container where tenant = :tenant")
                .setParameter("tenant", tenant.value())
                .getResultList());
    }

    /** Held containers of tenants that are not suspended any more: a resumption was cut off. */
    @Transactional
    public List<ContainerId> idsToRelease() {
        return ids(database.createNativeQuery(
                        "select s.container from suspended_container s join tenant t on t.name = s.tenant"
                                + " where not t.suspended and t.deletion is null")
                .getResultList());
    }

    private static List<ContainerId> ids(List<?> rows) {
        return rows.stream().map(row -> new ContainerId(String.valueOf(row))).toList();
    }
}
