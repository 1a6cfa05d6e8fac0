package io.berth.identity;

import io.berth.api.auth.CredentialRevoked;
import io.berth.identity.store.ApiTokenRepository;
import io.berth.identity.store.MembershipRepository;
import io.berth.tenants.SuspendMode;
import io.berth.tenants.TenantId;
import io.berth.tenants.TenantParticipant;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;

/** Ends what is open in a tenant that is suspended; removes the tokens and memberships of one that is deleted. */
@ApplicationScoped
class IdentityParticipant implements TenantParticipant {

    private final ApiTokenRepository tokens;
    private final MembershipRepository memberships;
    private final Event<CredentialRevoked> revoked;

    IdentityParticipant(ApiTokenRepository tokens, MembershipRepository memberships, Event<CredentialRevoked> revoked) {
        this.tokens = tokens;
        this.memberships = memberships;
        this.revoked = revoked;
    }

    @Override
    public int order() {
        return Order.CREDENTIALS;
    }

    @Override
    public String subject() {
        return "tokens and members";
    }

    @Override
    public void suspend(TenantId tenant, SuspendMode mode) {
        revoked.fire(CredentialRevoked.tenant(tenant));
    }

    @Override
    public void delete(TenantId tenant) {
        tokens.deleteOf(tenant);
        memberships.deleteOf(tenant);
        revoked.fire(CredentialRevoked.tenant(tenant));
    }
}
