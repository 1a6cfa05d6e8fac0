package io.berth.api.auth;

import io.berth.api.http.ServerTiming;
import io.berth.common.BerthException;
import io.berth.common.ErrorCode;
import io.berth.tenants.TenantErrors;
import io.berth.tenants.TenantId;
import io.quarkus.security.identity.SecurityIdentity;
import jakarta.enterprise.context.ApplicationScoped;

/**
 * The first line of every resource method: {@code TenantId tenant = access.require(tenantName, Permission.…)}. Asks the
 * {@link Authorizer} for the caller of the current request.
 */
@ApplicationScoped
public class Access {

    private final SecurityIdentity identity;
    private final Authorizer authorizer;
    private final ServerTiming timing;

    Access(SecurityIdentity identity, Authorizer authorizer, ServerTiming timing) {
        this.identity = identity;
        this.authorizer = authorizer;
        this.timing = timing;
    }

    /**
     * Checks the caller and parses the tenant of the path.
     *
     * @throws BerthException {@code TENANT_NOT_FOUND}
     */
    public TenantId require(String tenant, Permission permission) {
        if (!TenantId.isValid(tenant)) {
            throw TenantErrors.notFound(tenant);
        }
        return require(new TenantId(tenant), permission);
    }

    public TenantId require(TenantId tenant, Permission permission) {
        long start = System.nanoTime();
        authorizer.require(principal(), tenant, permission);
        timing.add("authorization", System.nanoTime() - start);
        return tenant;
    }

    /**
     * Checks that the caller administers the platform.
     *
     * @throws BerthException {@code FORBIDDEN}
     */
    public Principal requireAdmin() {
        Principal principal = principal();
        authorizer.requireAdmin(principal);
        return principal;
    }

    /** Whether the caller can see the tenant at all. */
    public boolean isMember(TenantId tenant) {
        return authorizer.isMember(principal(), tenant);
    }

    /** The caller. */
    public Principal principal() {
        if (identity.getPrincipal() instanceof Principal principal) {
            return principal;
        }
        throw new BerthException(ErrorCode.UNAUTHENTICATED, "this needs an API token");
    }
}
