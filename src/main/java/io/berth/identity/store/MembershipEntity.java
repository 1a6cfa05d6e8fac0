package io.berth.identity.store;

import io.berth.identity.Membership;
import io.berth.tenants.Role;
import io.berth.tenants.TenantId;
import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;
import jakarta.persistence.EmbeddedId;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Table;
import java.io.Serializable;
import java.time.Instant;
import org.jspecify.annotations.NullUnmarked;

@Entity
@Table(name = "membership")
@NullUnmarked
class MembershipEntity {

    /** One source says one thing about one user in one tenant. */
    @Embeddable
    record Key(String tenant, @Column(name = "user_id") String user, String source) implements Serializable {}

    @EmbeddedId
    Key key;

    @Enumerated(EnumType.STRING)
    Role role;

    @Column(name = "created_at")
    Instant createdAt;

    Membership toMembership() {
        return new Membership(
                new TenantId(key.tenant()), key.user(), Membership.Source.of(key.source()), role, createdAt);
    }
}
