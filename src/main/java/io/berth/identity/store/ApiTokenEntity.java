package io.berth.identity.store;

import io.berth.api.auth.Subject;
import io.berth.identity.ApiToken;
import io.berth.tenants.Role;
import io.berth.tenants.TenantId;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.NullUnmarked;

@Entity
@Table(name = "api_token")
@NullUnmarked
class ApiTokenEntity {

    @Id
    String id;

    byte[] hash;
    String name;
    String tenant;

    @Enumerated(EnumType.STRING)
    Role role;

    String scopes;

    @Column(name = "user_id")
    String user;

    @Column(name = "created_by")
    String createdBy;

    @Column(name = "created_by_name")
    String createdByName;

    @Column(name = "created_at")
    Instant createdAt;

    @Column(name = "expires_at")
    Instant expiresAt;

    @Column(name = "last_used_at")
    Instant lastUsedAt;

    @Column(name = "revoked_at")
    Instant revokedAt;

    static ApiTokenEntity of(ApiToken token, byte[] hash) {
        ApiTokenEntity entity = new ApiTokenEntity();
        entity.id = token.id();
        entity.hash = hash.clone();
        entity.name = token.name();
        entity.tenant = token.tenant() == null ? null : token.tenant().value();
        entity.role = token.role();
        entity.scopes = String.join(" ", token.scopes());
        entity.user = token.user();
        entity.createdBy = token.createdBy().id();
        entity.createdByName = token.createdBy().name();
        entity.createdAt = token.createdAt();
        entity.expiresAt = token.expiresAt();
        return entity;
    }

    ApiToken toToken() {
        return new ApiToken(
                id,
                name,
                tenant == null ? null : new TenantId(tenant),
                role,
                scopes.isEmpty() ? List.of() : List.of(scopes.split(" ", -1)),
                user,
                Subject.of(createdBy, createdByName),
                createdAt,
                expiresAt,
                lastUsedAt);
    }
}
