package io.berth.api.auth;

import io.berth.tenants.Role;
import java.util.Arrays;
import java.util.List;

/**
 * What a principal may be allowed to do in a tenant: the least role it takes, and the scope that a narrowed token must have. This
 * table is the whole policy; {@code docs/permissions.md} is made from it and from what each endpoint is seen to ask for.
 */
public enum Permission {
    TENANT_READ(Role.VIEWER, "tenant:read"),
    TENANT_WRITE(Role.OWNER, "tenant:write"),
    MEMBERS_READ(Role.MEMBER, "members:read"),
    MEMBERS_WRITE(Role.OWNER, "members:write"),
    /** See tokens: an owner all of the tenant's, others those they made. */
    TOKENS_READ(Role.MEMBER, "tokens:read"),
    /** Make tokens that may do no more than their maker, and revoke those one can see. */
    TOKENS_WRITE(Role.MEMBER, "tokens:write"),
    QUOTA_READ(Role.VIEWER, "quota:read"),
    USAGE_READ(Role.VIEWER, "usage:read"),
    EVENTS_READ(Role.VIEWER, "events:read"),
    AUDIT_READ(Role.OWNER, "audit:read"),
    WEBHOOKS_READ(Role.OWNER, "webhooks:read"),
    WEBHOOKS_WRITE(Role.OWNER, "webhooks:write"),
    /** See the names of secrets; nobody sees their values. */
    SECRETS_READ(Role.MEMBER, "secrets:read"),
    SECRETS_WRITE(Role.MEMBER, "secrets:write"),
    CONTAINERS_READ(Role.VIEWER, "containers:read"),
    CONTAINERS_WRITE(Role.MEMBER, "containers:write"),
    /** Run commands in containers, attach to them, read and change their files. */
    EXEC(Role.MEMBER, "exec"),
    IMAGES_READ(Role.VIEWER, "images:read"),
    IMAGES_WRITE(Role.MEMBER, "images:write"),
    OPERATIONS_READ(Role.VIEWER, "operations:read"),
    OPERATIONS_WRITE(Role.MEMBER, "operations:write");

    private final Role least;
    private final String scope;

    Permission(Role least, String scope) {
        this.least = least;
        this.scope = scope;
    }

    /** The least role that has it. */
    public Role leastRole() {
        return least;
    }

    /** The scope that a token needs which is narrowed to scopes. */
    public String scope() {
        return scope;
    }

    /** Whether a suspended tenant still has it: nothing can be started, and all but execs and the content of files be looked at. */
    public boolean isLeftToSuspended() {
        return switch (this) {
            case CONTAINERS_WRITE, EXEC, IMAGES_WRITE -> false;
            default -> true;
        };
    }

    /** Every scope a token may be narrowed to. */
    public static List<String> scopes() {
        return Arrays.stream(values()).map(Permission::scope).toList();
    }
}
