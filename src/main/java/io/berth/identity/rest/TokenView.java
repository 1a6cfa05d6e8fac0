package io.berth.identity.rest;

import io.berth.api.auth.Subject;
import io.berth.api.http.Identified;
import io.berth.api.idempotency.ShownOnce;
import io.berth.identity.ApiToken;
import io.berth.identity.TokenService.Made;
import io.berth.tenants.Role;
import io.berth.tenants.TenantId;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A token as JSON.
 *
 * @param role absent for a token of the platform, which owns every tenant
 * @param scopes what it is narrowed to; absent if it may do all that its role may
 * @param token the secret; in the answer to its creation only
 */
public record TokenView(
        String id,
        String name,
        @Nullable String tenant,
        @Nullable Role role,
        @Nullable List<String> scopes,
        Subject createdBy,
        @Nullable String user,
        Instant createdAt,
        @Nullable Instant expiresAt,
        @Nullable Instant lastUsedAt,
        @Nullable String token)
        implements ShownOnce, Identified {

    @Override
    public String identity() {
        return id;
    }

    @Override
    public String identityName() {
        return name;
    }

    static TokenView of(ApiToken token) {
        return of(token, null);
    }

    static TokenView of(Made made) {
        return of(made.token(), made.secret());
    }

    private static TokenView of(ApiToken token, @Nullable String secret) {
        TenantId tenant = token.tenant();
        return new TokenView(
                token.id(),
                token.name(),
                tenant == null ? null : tenant.value(),
                tenant == null ? null : token.role(),
                token.scopes().isEmpty() ? null : token.scopes(),
                token.createdBy(),
                token.user(),
                token.createdAt(),
                token.expiresAt(),
                token.lastUsedAt(),
                secret);
    }

    @Override
    public TokenView withoutSecret() {
        return new TokenView(id, name, tenant, role, scopes, createdBy, user, createdAt, expiresAt, lastUsedAt, null);
    }
}
