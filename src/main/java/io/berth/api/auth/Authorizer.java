package io.berth.api.auth;

import io.berth.common.BerthException;
import io.berth.common.ErrorCode;
import io.berth.tenants.Role;
import io.berth.tenants.Tenant;
import io.berth.tenants.TenantDirectory;
import io.berth.tenants.TenantErrors;
import io.berth.tenants.TenantId;
import jakarta.enterprise.context.ApplicationScoped;

/** The one place that decides who may do what, by {@link Permission}. REST resources reach it through {@link Access}. */
@ApplicationScoped
public class Authorizer {

    private final TenantDirectory tenants;

    Authorizer(TenantDirectory tenants) {
        this.tenants = tenants;
    }

    /**
     * Passes if the principal has the permission in the tenant. May block for a query the first time a tenant is seen.
     *
     * @throws BerthException {@code TENANT_NOT_FOUND} if there is no such tenant or the principal is no member of it, which
     *     look the same; {@code FORBIDDEN} if its role or its credential's scopes do not allow it; {@code TENANT_SUSPENDED}
     */
    public Tenant require(Principal principal, TenantId tenant, Permission permission) {
        // The role comes from memory: whether a tenant of others exists costs the same as one that does not.
        Role role = principal.role(tenant).orElseThrow(() -> TenantErrors.notFound(tenant.value()));
        Tenant found = tenants.find(tenant).orElseThrow(() -> TenantErrors.notFound(tenant.value()));
        if (!role.isAtLeast(permission.leastRole())) {
            throw new BerthException(
                    ErrorCode.FORBIDDEN,
                    "this takes the role '" + permission.leastRole().wireName() + "' in tenant '" + tenant
                            + "'; yours is '" + role.wireName() + "'");
        }
        if (!principal.hasScope(permission.scope())) {
            throw new BerthException(
                    ErrorCode.FORBIDDEN,
                    "the token lacks the scope '" + permission.scope() + "': make one that has it");
        }
        if (found.suspended() && !permission.isLeftToSuspended()) {
            throw TenantErrors.suspended(tenant);
        }
        return found;
    }

    /**
     * Passes if the principal administers the platform.
     *
     * @throws BerthException {@code FORBIDDEN}
     */
    public void requireAdmin(Principal principal) {
        if (!isAdmin(principal)) {
            throw new BerthException(ErrorCode.FORBIDDEN, "this takes an administrator of the platform");
        }
    }

    /** Whether the principal administers the platform. */
    public boolean isAdmin(Principal principal) {
        return principal.admin() && principal.hasScope(Principal.PLATFORM_SCOPE);
    }

    /** Whether the principal can see the tenant at all. */
    public boolean isMember(Principal principal, TenantId tenant) {
        return principal.role(tenant).isPresent();
    }
}
