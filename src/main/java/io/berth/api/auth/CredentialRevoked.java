package io.berth.api.auth;

import io.berth.tenants.TenantId;
import org.jspecify.annotations.Nullable;

/**
 * Somebody may do less than a moment ago; fired after the change is stored. What was remembered of them is forgotten, and their
 * open connections end.
 *
 * @param id of the token, session or user; {@code null} is everybody
 * @param tenant where they may do less; {@code null} is everywhere
 */
public record CredentialRevoked(
        @Nullable String id, @Nullable TenantId tenant) {

    /** A token, and the sessions that were begun with it; or a session. */
    public static CredentialRevoked credential(String id) {
        return new CredentialRevoked(id, null);
    }

    /** All of a user's sessions and tokens. */
    public static CredentialRevoked user(String id) {
        return new CredentialRevoked(id, null);
    }

    /** All of a user's sessions and tokens, in one tenant. */
    public static CredentialRevoked member(String user, TenantId tenant) {
        return new CredentialRevoked(user, tenant);
    }

    /** Everybody's, in one tenant. */
    public static CredentialRevoked tenant(TenantId tenant) {
        return new CredentialRevoked(null, tenant);
    }

    /** Whether it is about this principal, wherever it is active. */
    public boolean concerns(Principal principal) {
        return id == null
                || id.equals(principal.credential())
                || id.equals(principal.subject().id())
                || id.equals(principal.user());
    }

    /** @param used where the principal is active; {@code null} if in no tenant */
    boolean concerns(Principal principal, @Nullable TenantId used) {
        return concerns(principal) && (tenant == null || tenant.equals(used));
    }
}
