package io.berth.identity.rest;

import io.berth.identity.Membership;
import io.berth.identity.User;
import io.berth.tenants.Role;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Users as JSON. */
final class UserViews {

    private UserViews() {}

    /**
     * A user.
     *
     * @param issuer of the identity provider it comes from; absent if it is built in
     * @param memberships absent in lists
     */
    record UserView(
            String id,
            String name,
            String displayName,
            @Nullable String email,
            @Nullable String issuer,
            boolean admin,
            boolean disabled,
            Instant createdAt,
            @Nullable Instant lastSeenAt,
            @Nullable List<MembershipView> memberships) {}

    /** What one source says about a user in one tenant. */
    record MembershipView(String tenant, Role role, Membership.Source source) {}

    static UserView of(User user) {
        return of(user, null);
    }

    static UserView of(User user, @Nullable List<Membership> memberships) {
        return new UserView(
                user.id(),
                user.name(),
                user.displayName(),
                user.email(),
                user.issuer(),
                user.isAdministrator(),
                user.disabled(),
                user.createdAt(),
                user.lastSeenAt(),
                memberships == null
                        ? null
                        : memberships.stream()
                                .map(found -> new MembershipView(found.tenant().value(), found.role(), found.source()))
                                .toList());
    }
}
