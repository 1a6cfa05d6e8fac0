package io.berth.identity;

import io.berth.api.auth.CredentialRevoked;
import io.berth.api.auth.Principal;
import io.berth.api.paging.Page;
import io.berth.api.paging.PageRequest;
import io.berth.common.BerthException;
import io.berth.common.ErrorCode;
import io.berth.common.Ids;
import io.berth.identity.store.MembershipRepository;
import io.berth.identity.store.UserRepository;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.persistence.PersistenceException;
import java.time.Clock;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes, shows and changes users. The caller has checked that the principal administers the platform. */
@ApplicationScoped
public class UserService {

    private final UserRepository users;
    private final MembershipRepository memberships;
    private final VerifiedCredentials verified;
    private final Event<CredentialRevoked> revoked;
    private final Clock clock;

    UserService(
            UserRepository users,
            MembershipRepository memberships,
            VerifiedCredentials verified,
            Event<CredentialRevoked> revoked,
            Clock clock) {
        this.users = users;
        this.memberships = memberships;
        this.verified = verified;
        this.revoked = revoked;
        this.clock = clock;
    }

    /** @param text part of a name or address, empty for all */
    public Page<User> list(String text, PageRequest page) {
        return Page.of(users.list(text, page), page, User::id);
    }

    /**
     * By id, or by name.
     *
     * @throws BerthException {@code ACCOUNT_NOT_FOUND}
     */
    public User get(String idOrName) {
        return users.findUserByIdOrName(idOrName).orElseThrow(() -> notFound(idOrName));
    }

    public List<Membership> memberships(User user) {
        return memberships.ofUser(user.id());
    }

    /**
     * Makes a built-in user, who signs in by links.
     *
     * @throws BerthException {@code NAME_TAKEN}
     */
    public User create(String name, @Nullable String displayName, @Nullable String email, boolean admin) {
        User user = new User(
                Ids.next("usr"),
                name,
                displayName == null ? name : displayName,
                email,
                null,
                admin,
                false,
                false,
                clock.instant(),
                null);
        try {
            users.add(user);
        } catch (PersistenceException e) {
            if (users.findUserByIdOrName(name).isEmpty()) {
                throw e;
            }
            throw new BerthException(ErrorCode.NAME_TAKEN, "there is a user '" + name + "' already", e);
        }
        return user;
    }

    /**
     * Changes what is not {@code null}. Who is disabled, or administers no longer, notices at once.
     *
     * @throws BerthException {@code ACCOUNT_NOT_FOUND}; {@code WRONG_STATE} if one would lock oneself out, or it is the identity
     *     provider that makes them an administrator
     */
    public User change(
            Principal by,
            String idOrName,
            @Nullable String displayName,
            @Nullable Boolean admin,
            @Nullable Boolean disabled) {
        User before = get(idOrName);
        boolean demoted = Boolean.FALSE.equals(admin);
        if (before.id().equals(by.user()) && (demoted || Boolean.TRUE.equals(disabled))) {
            throw new BerthException(
                    ErrorCode.WRONG_STATE, "you would lock yourself out: let another administrator do it");
        }
        if (demoted && before.providerAdmin()) {
            throw new BerthException(
                    ErrorCode.WRONG_STATE,
                    "the identity provider makes '" + before.name()
                            + "' an administrator: take the group or role away there, or disable the user here");
        }
        User after = users.change(before.id(), displayName, admin, disabled).orElseThrow(() -> notFound(idOrName));
        if (after.disabled() && !before.disabled() || before.isAdministrator() && !after.isAdministrator()) {
            revoked.fire(CredentialRevoked.user(after.id()));
        } else {
            verified.forgetUser(after.id());
        }
        return after;
    }

    static BerthException notFound(String idOrName) {
        String shown = idOrName.length() > 100 ? idOrName.substring(0, 100) + "…" : idOrName;
        return new BerthException(
                ErrorCode.ACCOUNT_NOT_FOUND,
                "there is no user '" + shown + "': one of an identity provider appears at its first sign-in");
    }
}
