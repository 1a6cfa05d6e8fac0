package io.berth.tenants;

import io.berth.common.BerthException;
import io.berth.common.ErrorCode;

/** Refusals that concern a tenant. */
public final class TenantErrors {

    private static final int SHOWN = 63;

    private TenantErrors() {}

    /** @param name as it was asked for, good or not */
    public static BerthException notFound(String name) {
        String shown = name.length() > SHOWN ? name.substring(0, SHOWN) + "…" : name;
        return new BerthException(ErrorCode.TENANT_NOT_FOUND, "there is no tenant '" + shown + "'");
    }

    public static BerthException suspended(TenantId tenant) {
        return new BerthException(
                ErrorCode.TENANT_SUSPENDED,
                "tenant '" + tenant + "' is suspended: an administrator of the platform can resume it");
    }

    public static BerthException nameTaken(TenantId tenant) {
        return new BerthException(
                ErrorCode.NAME_TAKEN, "there is a tenant '" + tenant + "' already: choose another name");
    }

    /** @param operation that deletes it */
    public static BerthException beingDeleted(TenantId tenant, String operation) {
        return new BerthException(
                ErrorCode.TENANT_BEING_DELETED,
                "the former tenant '" + tenant + "' is still being deleted: the name is free when operation '"
                        + operation + "' has ended");
    }
}
