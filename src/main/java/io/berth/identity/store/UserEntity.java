package io.berth.identity.store;

import io.berth.identity.User;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import org.jspecify.annotations.NullUnmarked;

@Entity
@Table(name = "user_account")
@NullUnmarked
class UserEntity {

    @Id
    String id;

    String name;

    @Column(name = "display_name")
    String displayName;

    String email;
    String issuer;
    String subject;
    boolean admin;

    @Column(name = "provider_admin")
    boolean providerAdmin;

    boolean disabled;

    @Column(name = "claims_at")
    Instant claimsAt;

    @Column(name = "created_at")
    Instant createdAt;

    @Column(name = "last_seen_at")
    Instant lastSeenAt;

    User toUser() {
        return new User(id, name, displayName, email, issuer, admin, providerAdmin, disabled, createdAt, lastSeenAt);
    }
}
