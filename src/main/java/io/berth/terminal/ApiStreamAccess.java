package io.berth.terminal;

import io.berth.api.auth.Authorizer;
import io.berth.api.auth.Permission;
import io.berth.api.auth.Principal;
import io.berth.api.ratelimit.RateLimitFilter;
import io.berth.api.ratelimit.RequestLimits;
import io.berth.identity.Authenticator;
import io.berth.tenants.TenantId;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;

/** Asks the same authorities as the rest of the API. */
@ApplicationScoped
class ApiStreamAccess implements StreamAccess {

    private final Authenticator authenticator;
    private final Authorizer authorizer;
    private final RequestLimits limits;
    private final RateLimitFilter strangers;

    ApiStreamAccess(
            Authenticator authenticator, Authorizer authorizer, RequestLimits limits, RateLimitFilter strangers) {
        this.authenticator = authenticator;
        this.authorizer = authorizer;
        this.limits = limits;
        this.strangers = strangers;
    }

    @Override
    public Optional<Principal> authenticate(String token) {
        return authenticator.authenticate(token);
    }

    @Override
    public Optional<Principal> authenticateSession(String cookie) {
        return authenticator.authenticateSession(cookie);
    }

    @Override
    public Optional<Principal> recheck(Principal principal) {
        return authenticator.recheck(principal);
    }

    @Override
    public void require(Principal principal, TenantId tenant) {
        authorizer.require(principal, tenant, Permission.EXEC);
        limits.require(principal, tenant);
    }

    @Override
    public boolean mayTry(RoutingContext upgrade) {
        return !RateLimitFilter.isRefused(upgrade);
    }

    @Override
    public void succeeded(RoutingContext upgrade) {
        strangers.succeeded(upgrade);
    }

    @Override
    public void failed(RoutingContext upgrade) {
        strangers.failed(upgrade);
    }
}
