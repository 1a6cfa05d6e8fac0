package io.berth.identity;

import io.berth.api.auth.CredentialRevoked;
import io.berth.api.auth.Principal;
import io.berth.api.paging.Page;
import io.berth.api.paging.PageRequest;
import io.berth.common.BerthException;
import io.berth.common.ErrorCode;
import io.berth.identity.Membership.Source;
import io.berth.identity.store.MembershipRepository;
import io.berth.identity.store.UserRepository;
import io.berth.tenants.Role;
import io.berth.tenants.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import java.time.Clock;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Who belongs to a tenant. What is changed takes effect at once. The caller has checked that the principal may. */
@ApplicationScoped
public class MemberService {

    private final MembershipRepository memberships;
    private final UserRepository users;
    private final VerifiedCredentials verified;
    private final Event<CredentialRevoked> revoked;
    private final Clock clock;

    MemberService(
            MembershipRepository memberships,
            UserRepository users,
            VerifiedCredentials verified,
            Event<CredentialRevoked> revoked,
            Clock clock) {
        this.memberships = memberships;
        this.users = users;
        this.verified = verified;
        this.revoked = revoked;
        this.clock = clock;
    }

    public Page<Member> list(TenantId tenant, PageRequest page) {
        return Page.of(
                memberships.members(tenant, page), page, member -> member.user().id());
    }

    /**
     * @param idOrName of the user
     * @throws BerthException {@code MEMBER_NOT_FOUND}
     */
    public Member get(TenantId tenant, String idOrName) {
        return find(tenant, idOrName).orElseThrow(() -> notFound(tenant, idOrName));
    }

    private Optional<Member> find(TenantId tenant, String idOrName) {
        return users.findUserByIdOrName(idOrName).flatMap(user -> memberships.member(tenant, user.id()));
    }

    /**
     * Gives a user a role, whatever it was before. A greater one of the identity provider's goes on to count.
     *
     * @throws BerthException {@code ACCOUNT_NOT_FOUND}, {@code LAST_OWNER}
     */
    public Member put(Principal by, TenantId tenant, String idOrName, Role role) {
        User user = users.findUserByIdOrName(idOrName).orElseThrow(() -> UserService.notFound(idOrName));
        Role before = role(tenant, user.id());
        boolean done = memberships.put(tenant, user.id(), Source.MANUAL, role, clock.instant(), by.admin());
        requireOwner(done, tenant);
        changed(tenant, user.id(), before);
        return get(tenant, user.id());
    }

    /**
     * Takes a user's role away.
     *
     * @throws BerthException {@code MEMBER_NOT_FOUND}; {@code LAST_OWNER}; {@code WRONG_STATE} if it is the identity provider that gave it
     */
    public void remove(Principal by, TenantId tenant, String idOrName) {
        Member member = get(tenant, idOrName);
        if (!member.roles().containsKey(Source.MANUAL)) {
            throw new BerthException(
                    ErrorCode.WRONG_STATE,
                    "the identity provider makes '" + member.user().name() + "' a member of tenant '" + tenant
                            + "': take the group or role away there, or disable the user");
        }
        String user = member.user().id();
        requireOwner(memberships.remove(tenant, user, Source.MANUAL, by.admin()), tenant);
        changed(tenant, user, member.role());
    }

    private void changed(TenantId tenant, String user, @Nullable Role before) {
        Role after = role(tenant, user);
        if (before != null && (after == null || !after.isAtLeast(before))) {
            revoked.fire(CredentialRevoked.member(user, tenant));
        } else {
            verified.forgetUser(user);
        }
    }

    private @Nullable Role role(TenantId tenant, String user) {
        return memberships.member(tenant, user).map(Member::role).orElse(null);
    }

    private static void requireOwner(boolean done, TenantId tenant) {
        if (!done) {
            throw new BerthException(
                    ErrorCode.LAST_OWNER,
                    "tenant '" + tenant + "' would have no owner left: make another member one first;"
                            + " an administrator of the platform may do it all the same");
        }
    }

    private static BerthException notFound(TenantId tenant, String idOrName) {
        String shown = idOrName.length() > 100 ? idOrName.substring(0, 100) + "…" : idOrName;
        return new BerthException(ErrorCode.MEMBER_NOT_FOUND, "tenant '" + tenant + "' has no member '" + shown + "'");
    }
}
