package io.berth.identity;

import io.berth.identity.Membership.Source;
import io.berth.tenants.Role;
import java.util.Collections;
import java.util.Map;

/**
 * A user in a tenant.
 *
 * @param roles what each source says; at least one does
 */
public record Member(User user, Map<Source, Role> roles) {

    public Member {
        roles = Map.copyOf(roles);
    }

    /** The role that counts: the greatest. */
    public Role role() {
        return Collections.max(roles.values());
    }
}
