package io.berth.identity;

import io.berth.api.auth.Subject;
import io.berth.tenants.Role;
import io.berth.tenants.TenantId;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A stored token.
 *
 * @param tenant {@code null} for one of the platform
 * @param role in the tenant
 * @param scopes empty is everything the role may do
 * @param user the user behind it, {@code null} if it stands alone
 */
public record ApiToken(
        String id,
        String name,
        @Nullable TenantId tenant,
        Role role,
        List<String> scopes,
        @Nullable String user,
        Subject createdBy,
        Instant createdAt,
        @Nullable Instant expiresAt,
        @Nullable Instant lastUsedAt) {

    public ApiToken {
        scopes = List.copyOf(scopes);
    }
}
