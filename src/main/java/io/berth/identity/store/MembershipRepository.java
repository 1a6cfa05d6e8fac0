package io.berth.identity.store;

import io.berth.api.paging.PageRequest;
import io.berth.identity.Member;
import io.berth.identity.Membership;
import io.berth.identity.Membership.Source;
import io.berth.tenants.Role;
import io.berth.tenants.TenantId;
import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;
import jakarta.transaction.Transactional;
import java.time.Instant;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Who belongs to which tenant, in the database. */
@ApplicationScoped
public class MembershipRepository implements PanacheRepositoryBase<MembershipEntity, MembershipEntity.Key> {

    /** A user's roles: in each tenant the greatest that any source gives. */
    @Transactional
    public Map<TenantId, Role> roles(String user) {
        Map<TenantId, Role> roles = new HashMap<>();
        for (MembershipEntity membership : list("key.user", user)) {
            roles.merge(
                    new TenantId(membership.key.tenant()),
                    membership.role,
                    (one, other) -> one.isAtLeast(other) ? one : other);
        }
        return roles;
    }

    @Transactional
    public List<Membership> ofUser(String user) {
        return find("key.user = ?1 order by key.tenant, key.source", user).stream()
                .map(MembershipEntity::toMembership)
                .toList();
    }

    /** Members by the ids of their users; one more than the page holds. */
    @Transactional
    public List<Member> members(TenantId tenant, PageRequest page) {
        List<Object[]> rows = getEntityManager()
                .createQuery(
                        "select m, u from MembershipEntity m join UserEntity u on u.id = m.key.user"
                                + " where m.key.tenant = :tenant and m.key.user in (select distinct n.key.user from MembershipEntity n"
                                + " where n.key.tenant = :tenant and n.key.user > :after order by n.key.user limit :most)"
                                + " order by m.key.user",
                        Object[].class)
                .setParameter("tenant", tenant.value())
                .setParameter("after", page.after() == null ? "" : page.after())
                .setParameter("most", page.limit() + 1)
                .getResultList();
        return members(rows);
    }

    @Transactional
    public Optional<Member> member(TenantId tenant, String user) {
        List<Object[]> rows = getEntityManager()
                .createQuery(
                        "select m, u from MembershipEntity m join UserEntity u on u.id = m.key.user"
                                + " where m.key.tenant = :tenant and m.key.user = :user",
                        Object[].class)
                .setParameter("tenant", tenant.value())
                .setParameter("user", user)
                .getResultList();
        return members(rows).stream().findFirst();
    }

    private static List<Member> members(List<Object[]> rows) {
        Map<String, UserEntity> users = new LinkedHashMap<>();
        Map<String, Map<Source, Role>> roles = new HashMap<>();
        for (Object[] row : rows) {
            MembershipEntity membership = (MembershipEntity) row[0];
            UserEntity user = (UserEntity) row[1];
            users.put(user.id, user);
            roles.computeIfAbsent(user.id, id -> new EnumMap<>(Source.class))
                    .put(Source.of(membership.key.source()), membership.role);
        }
        return users.values().stream()
                .map(user -> new Member(user.toUser(), roles.getOrDefault(user.id, Map.of())))
                .toList();
    }

    /**
     * Gives a member the role, by this source.
     *
     * @param mayLeaveNone whether it may be done if it leaves the tenant without an owner it had
     * @return whether it was done
     */
    @Transactional
    public boolean put(TenantId tenant, String user, Source source, Role role, Instant now, boolean mayLeaveNone) {
        if (!mayLeaveNone && role != Role.OWNER && isLastOwner(tenant, user, source)) {
            return false;
        }
        MembershipEntity.Key key = new MembershipEntity.Key(tenant.value(), user, source.stored());
        MembershipEntity found = findById(key);
        if (found != null) {
            found.role = role;
            return true;
        }
        MembershipEntity membership = new MembershipEntity();
        membership.key = key;
        membership.role = role;
        membership.createdAt = now;
        persist(membership);
        return true;
    }

    /** The same for taking it away. */
    @Transactional
    public boolean remove(TenantId tenant, String user, Source source, boolean mayLeaveNone) {
        if (!mayLeaveNone && isLastOwner(tenant, user, source)) {
            return false;
        }
        deleteById(new MembershipEntity.Key(tenant.value(), user, source.stored()));
        return true;
    }

    /** Removes a tenant's members. */
    @Transactional
    public long deleteOf(TenantId tenant) {
        return delete("key.tenant", tenant.value());
    }

    /** Locks the owners, so that two of them cannot remove each other at once. */
    private boolean isLastOwner(TenantId tenant, String user, Source source) {
        List<MembershipEntity> owners = find(
                        "key.tenant = ?1 and role = ?2 order by key.user", tenant.value(), Role.OWNER)
                .withLock(LockModeType.PESSIMISTIC_WRITE)
                .list();
        MembershipEntity.Key key = new MembershipEntity.Key(tenant.value(), user, source.stored());
        return owners.size() == 1 && owners.get(0).key.equals(key);
    }

    /**
     * Makes what the identity provider says about a user in tenants that exist the whole of what it says.
     *
     * @return the tenants in which it said something else, or nothing, before
     */
    @Transactional
    public Set<TenantId> sync(String user, Map<TenantId, Role> roles, Instant now) {
        Set<TenantId> changed = new HashSet<>();
        Map<TenantId, Role> missing = new HashMap<>(roles);
        for (MembershipEntity membership : list("key.user = ?1 and key.source = ?2", user, Source.OIDC.stored())) {
            TenantId tenant = new TenantId(membership.key.tenant());
            Role role = missing.remove(tenant);
            if (role == null) {
                delete(membership);
                changed.add(tenant);
            } else if (role != membership.role) {
                membership.role = role;
                changed.add(tenant);
            }
        }
        for (Map.Entry<TenantId, Role> entry : missing.entrySet()) {
            int added = getEntityManager()
                    .createNativeQuery("insert into membership (tenant, user_id, source, role, created_at)"
                            + " select name, :user, :source, :role, :now from tenant where name = :tenant"
                            + " on conflict do nothing")
                    .setParameter("user", user)
                    .setParameter("source", Source.OIDC.stored())
                    .setParameter("role", entry.getValue().name())
                    .setParameter("now", now)
                    .setParameter("tenant", entry.getKey().value())
                    .executeUpdate();
            if (added == 1) {
                changed.add(entry.getKey());
            }
        }
        return changed;
    }
}
