package io.berth.api.auth;

import io.berth.tenants.Role;
import io.berth.tenants.TenantId;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who a request comes from, and what it may do.
 *
 * @param subject the real one, as audits name it
 * @param admin whether it administers the platform, and so owns every tenant
 * @param roles by tenant
 * @param scopes what its credential is narrowed to; empty is everything its owner may do
 * @param credential the id of the token or session it came with; streams end when that is revoked
 * @param user whom it stands for: the user itself, or the one a token was made by; {@code null} if it depends on none
 * @param validUntil when the credential has to be looked at again, {@code null} if never
 */
public record Principal(
        Subject subject,
        boolean admin,
        Map<TenantId, Role> roles,
        Set<String> scopes,
        String credential,
        @Nullable String user,
        @Nullable Instant validUntil)
        implements java.security.Principal {

    /** The scope of an administrator's token that may administer the platform, if it is narrowed at all. */
    public static final String PLATFORM_SCOPE = "platform:admin";

    public Principal {
        roles = Map.copyOf(roles);
        scopes = Set.copyOf(scopes);
    }

    /** One that depends on no other user than itself, and does not lapse. */
    public Principal(Subject subject, boolean admin, Map<TenantId, Role> roles, Set<String> scopes, String credential) {
        this(subject, admin, roles, scopes, credential, subject.userId(), null);
    }

    @Override
    public String getName() {
        return subject.name();
    }

    /** Its role in a tenant, empty if it is no member. */
    public Optional<Role> role(TenantId tenant) {
        return admin ? Optional.of(Role.OWNER) : Optional.ofNullable(roles.get(tenant));
    }

    /**
     * Whose share of what all have together it draws on: of the tenant it is active in if it is a member, else of its only tenant,
     * else its own. Administrators draw on no tenant's.
     */
    public String party(@Nullable TenantId tenant) {
        if (!admin && tenant != null && roles.containsKey(tenant)) {
            return tenant.value();
        }
        if (!admin && roles.size() == 1) {
            return roles.keySet().iterator().next().value();
        }
        return user == null ? credential : user;
    }

    /** Whether its credential is not narrowed to other scopes than this one. */
    public boolean hasScope(String scope) {
        return scopes.isEmpty() || scopes.contains(scope);
    }
}
