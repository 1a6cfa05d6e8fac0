package io.berth.tenants.store;

import io.berth.engine.GroupId;
import io.berth.tenants.Tenant;
import io.berth.tenants.TenantErrors;
import io.berth.tenants.TenantId;
import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;
import jakarta.transaction.Transactional;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Tenants in the database. */
@ApplicationScoped
public class TenantRepository implements PanacheRepositoryBase<TenantEntity, String> {

    @Transactional
    public Optional<Tenant> findTenant(TenantId id) {
        return findByIdOptional(id.value()).map(TenantEntity::toTenant);
    }

    @Transactional
    public Optional<Tenant> findByGroup(GroupId group) {
        return find("group", group.value()).firstResultOptional().map(TenantEntity::toTenant);
    }

    /**
     * Stores a new tenant.
     *
     * @return false if there is one of this name
     */
    @Transactional
    public boolean insert(Tenant tenant) {
        int inserted = getEntityManager()
                .createNativeQuery("insert into tenant (name, group_id, display_name, created_at)"
                        + " values (:name, :group, :displayName, :createdAt) on conflict (name) do nothing")
                .setParameter("name", tenant.id().value())
                .setParameter("group", tenant.group().value())
                .setParameter("displayName", tenant.displayName())
                .setParameter("createdAt", tenant.createdAt())
                .executeUpdate();
        return inserted == 1;
    }

    /**
     * Living tenants by name.
     *
     * @param among only these, {@code null} is all
     * @param text part of the name or display name in any case, {@code null} is any
     * @param suspended only such, {@code null} is both
     * @param after the last one of the page before
     */
    @Transactional
    public List<Tenant> list(
            @Nullable Collection<TenantId> among,
            @Nullable String text,
            @Nullable Boolean suspended,
            @Nullable String after,
            int limit) {
        StringBuilder where = new StringBuilder("deletion is null");
        Map<String, Object> parameters = new LinkedHashMap<>();
        if (among != null) {
            where.append(" and name in :among");
            parameters.put("among", among.stream().map(TenantId::value).toList());
        }
        if (text != null) {
            where.append(" and (locate(:text, name) > 0 or locate(:text, lower(displayName)) > 0)");
            parameters.put("text", text.toLowerCase(Locale.ROOT));
        }
        if (suspended != null) {
            where.append(" and suspended = :suspended");
            parameters.put("suspended", suspended);
        }
        if (after != null) {
            where.append(" and name > :after");
            parameters.put("after", after);
        }
        return find(where + " order by name", parameters).page(0, limit).stream()
                .map(TenantEntity::toTenant)
                .toList();
    }

    /**
     * Changes a living tenant; two changes at once come one after the other.
     *
     * @param change may throw to refuse
     * @return as it is stored now
     * @throws io.berth.common.BerthException {@code TENANT_NOT_FOUND}
     */
    @Transactional
    public Tenant change(TenantId id, UnaryOperator<Tenant> change) {
        TenantEntity entity =
                lock(id).filter(found -> found.deletion == null).orElseThrow(() -> TenantErrors.notFound(id.value()));
        Tenant before = entity.toTenant();
        Tenant after = change.apply(before);
        if (after.equals(before)) {
            return before;
        }
        entity.displayName = after.displayName();
        entity.suspended = after.suspended();
        entity.suspendMode = after.suspendMode();
        entity.version++;
        return entity.toTenant();
    }

    /**
     * Marks a living tenant as being deleted.
     *
     * @throws io.berth.common.BerthException {@code TENANT_NOT_FOUND} also when it is marked already
     */
    @Transactional
    public Tenant markDeleted(TenantId id, String operation) {
        TenantEntity entity =
                lock(id).filter(found -> found.deletion == null).orElseThrow(() -> TenantErrors.notFound(id.value()));
        entity.deletion = operation;
        entity.version++;
        return entity.toTenant();
    }

    /** Those being deleted. */
    @Transactional
    public List<Tenant> listDeleted() {
        return list("deletion is not null").stream().map(TenantEntity::toTenant).toList();
    }

    /** Removes the row of a tenant that is being deleted, which fails while other rows refer to it. Repeatable. */
    @Transactional
    public void remove(TenantId id) {
        delete("name = ?1 and deletion is not null", id.value());
    }

    private Optional<TenantEntity> lock(TenantId id) {
        return Optional.ofNullable(findById(id.value(), LockModeType.PESSIMISTIC_WRITE));
    }
}
