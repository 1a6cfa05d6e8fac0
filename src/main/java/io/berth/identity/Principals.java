package io.berth.identity;

import io.berth.api.auth.Principal;
import io.berth.api.auth.Subject;
import io.berth.identity.store.MembershipRepository;
import io.berth.identity.store.UserRepository;
import io.berth.tenants.Role;
import io.berth.tenants.TenantDirectory;
import io.berth.tenants.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Works out what users and tokens may do now. Methods query the database. */
@ApplicationScoped
class Principals {

    private final UserRepository users;
    private final MembershipRepository memberships;
    private final TenantDirectory tenants;

    Principals(UserRepository users, MembershipRepository memberships, TenantDirectory tenants) {
        this.users = users;
        this.memberships = memberships;
        this.tenants = tenants;
    }

    /** Empty if the user may not come in. */
    Optional<Principal> ofUser(String id, String credential, @Nullable Instant validUntil) {
        return users.findUser(id).filter(user -> !user.disabled()).map(user -> ofUser(user, credential, validUntil));
    }

    Principal ofUser(User user, String credential, @Nullable Instant validUntil) {
        return new Principal(
                Subject.user(user.id(), user.name()),
                user.isAdministrator(),
                memberships.roles(user.id()),
                Set.of(),
                credential,
                user.id(),
                validUntil);
    }

    /**
     * A token can do what it was made for, and no more than the user behind it can do now. Empty if that user may not come in, or
     * the token's tenant is being deleted.
     *
     * @param credential what it came with: the token itself, or a session that was begun with it
     */
    Optional<Principal> ofToken(ApiToken token, String credential, @Nullable Instant validUntil) {
        TenantId tenant = token.tenant();
        if (tenant != null && tenants.isBeingDeleted(tenant)) {
            return Optional.empty();
        }
        if (token.user() == null) {
            return Optional.of(principal(token, token.tenant() == null, token.role(), credential, validUntil));
        }
        return users.findUser(token.user())
                .filter(user -> !user.disabled())
                .map(user -> principal(token, user.isAdministrator(), role(user, token), credential, validUntil));
    }

    private @Nullable Role role(User user, ApiToken token) {
        if (user.isAdministrator() || token.tenant() == null) {
            return token.role();
        }
        Role present = memberships.roles(user.id()).get(token.tenant());
        return present == null || token.role().isAtLeast(present) ? present : token.role();
    }

    private static Principal principal(
            ApiToken token, boolean admin, @Nullable Role role, String credential, @Nullable Instant validUntil) {
        TenantId tenant = token.tenant();
        return new Principal(
                Subject.token(token.id(), token.name()),
                tenant == null && admin,
                tenant == null || role == null ? Map.of() : Map.of(tenant, role),
                Set.copyOf(token.scopes()),
                credential,
                token.user(),
                validUntil);
    }
}
