package io.berth.identity.oidc;

import io.berth.api.auth.CredentialRevoked;
import io.berth.identity.LastUses;
import io.berth.identity.User;
import io.berth.identity.store.MembershipRepository;
import io.berth.identity.store.ProvidedUser;
import io.berth.identity.store.UserRepository;
import io.berth.tenants.Role;
import io.berth.tenants.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.persistence.PersistenceException;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Makes users of what verified tokens say, and keeps them so. The newest token counts: what one made before it says of groups and
 * roles is no longer believed.
 */
@ApplicationScoped
class Provisioning {

    private static final Logger LOG = Logger.getLogger(Provisioning.class);
    private static final int LONGEST_NAME = 63;

    private final UserRepository users;
    private final MembershipRepository memberships;
    private final LastUses uses;
    private final Event<CredentialRevoked> revoked;
    private final Clock clock;
    private final Mapping mapping;

    Provisioning(
            UserRepository users,
            MembershipRepository memberships,
            LastUses uses,
            Event<CredentialRevoked> revoked,
            Clock clock,
            OidcConfig config) {
        this.users = users;
        this.memberships = memberships;
        this.uses = uses;
        this.revoked = revoked;
        this.clock = clock;
        this.mapping = new Mapping(config);
    }

    /** The token's user; empty if it was disabled, or the token names none. */
    Optional<User> provision(Claims claims) {
        String issuer = claims.text("iss");
        String subject = claims.text("sub");
        if (issuer == null || subject == null || issuer.length() + subject.length() > 1000) {
            return Optional.empty();
        }
        Mapping.Rights rights = mapping.apply(claims);
        ProvidedUser wanted = new ProvidedUser(
                issuer,
                subject,
                name(claims, subject),
                clip(claims.text("name")),
                clip(claims.text("email")),
                rights.admin(),
                claims.time("iat"));
        ProvidedUser.Found found = ensure(wanted);
        if (found.user().disabled()) {
            return Optional.empty();
        }
        if (found.isNewest()) {
            sync(found, rights.roles());
        }
        Optional<User> present = users.findUser(found.user().id()).filter(user -> !user.disabled());
        present.ifPresent(user -> uses.ofUser(user.id()));
        return present;
    }

    private ProvidedUser.Found ensure(ProvidedUser wanted) {
        try {
            return users.provide(wanted, clock.instant());
        } catch (PersistenceException e) {
            // another request has made the same user, or one of the same name
            LOG.debugf(e, "trying again to provision %s", wanted.name());
            return users.provide(wanted, clock.instant());
        }
    }

    private void sync(ProvidedUser.Found found, Map<TenantId, Role> roles) {
        String user = found.user().id();
        Instant now = clock.instant();
        for (TenantId tenant : memberships.sync(user, roles, now)) {
            LOG.infof(
                    "the identity provider changed what %s is in tenant %s",
                    found.user().name(), tenant);
            revoked.fire(CredentialRevoked.member(user, tenant));
        }
        if (found.wasAdmin() && !found.user().isAdministrator()) {
            revoked.fire(CredentialRevoked.user(user));
        }
    }

    private static String name(Claims claims, String subject) {
        String name = claims.text("preferred_username");
        String printable =
                (name == null ? subject : name).replaceAll("\\p{Cntrl}", "").strip();
        String some = printable.isEmpty() ? subject : printable;
        return some.length() <= LONGEST_NAME ? some : some.substring(0, LONGEST_NAME);
    }

    private static @Nullable String clip(@Nullable String text) {
        return text == null || text.length() <= 254 ? text : text.substring(0, 254);
    }
}
