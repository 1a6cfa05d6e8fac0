package io.berth.tenants;

import io.berth.common.BerthException;
import io.berth.engine.GroupId;
import io.berth.tenants.store.TenantRepository;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Knows the tenants. Those that exist are answered from memory; only unknown names cost a query. Whoever changes a tenant calls
 * {@link #put} or {@link #forget} as soon as the change is committed, so that a suspended or deleted tenant cannot act on an old entry. That
 * is enough for one server to a database; several would have to tell each other ({@code NOTIFY}) before the change is acknowledged.
 */
@ApplicationScoped
public class TenantDirectory {

    private final TenantRepository repository;
    /** Those being deleted included: they are known not to exist. */
    private final Map<TenantId, Tenant> known = new ConcurrentHashMap<>();

    TenantDirectory(TenantRepository repository) {
        this.repository = repository;
    }

    /** Blocks for a query the first time a tenant is asked for. One that is being deleted is not there. */
    public Optional<Tenant> find(TenantId id) {
        return findStored(id).filter(tenant -> !tenant.isBeingDeleted());
    }

    /** Like {@link #find}, but one that is being deleted is there as well. */
    public Optional<Tenant> findStored(TenantId id) {
        Tenant tenant = known.get(id);
        if (tenant != null) {
            return Optional.of(tenant);
        }
        Optional<Tenant> stored = repository.findTenant(id);
        stored.ifPresent(this::put);
        return stored;
    }

    /** The tenant that has the group, living or being deleted. */
    public Optional<Tenant> findByGroup(GroupId group) {
        Optional<Tenant> remembered = known.values().stream()
                .filter(tenant -> tenant.group().equals(group))
                .findAny();
        return remembered.or(() -> {
            Optional<Tenant> stored = repository.findByGroup(group);
            stored.ifPresent(this::put);
            return stored;
        });
    }

    /**
     * The group of a tenant, living or being deleted.
     *
     * @throws BerthException {@code TENANT_NOT_FOUND}
     */
    public GroupId group(TenantId id) {
        return findStored(id)
                .orElseThrow(() -> TenantErrors.notFound(id.value()))
                .group();
    }

    /** Whether things may be made and started in the tenant. */
    public boolean isActive(TenantId id) {
        return find(id).filter(Tenant::isActive).isPresent();
    }

    /**
     * Passes if things may be made and started in the tenant.
     *
     * @throws BerthException {@code TENANT_NOT_FOUND}, {@code TENANT_SUSPENDED}
     */
    public void requireActive(TenantId id) {
        Tenant tenant = find(id).orElseThrow(() -> TenantErrors.notFound(id.value()));
        if (tenant.suspended()) {
            throw TenantErrors.suspended(id);
        }
    }

    /** Whether the tenant is known to be on its way out. Never blocks. */
    public boolean isBeingDeleted(TenantId id) {
        Tenant tenant = known.get(id);
        return tenant != null && tenant.isBeingDeleted();
    }

    /** To be called with every state of a tenant that was stored; what is older than what is known is not taken. */
    public void put(Tenant tenant) {
        known.merge(tenant.id(), tenant, (present, offered) -> offered.isLaterThan(present) ? offered : present);
    }

    /** To be called when a tenant's row was removed. */
    public void forget(TenantId id) {
        known.remove(id);
    }
}
