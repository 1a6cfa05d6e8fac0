package io.berth.identity.store;

import io.berth.identity.Session;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import org.jspecify.annotations.NullUnmarked;

@Entity
@Table(name = "browser_session")
@NullUnmarked
class SessionEntity {

    @Id
    String id;

    byte[] hash;

    @Column(name = "user_id")
    String user;

    @Column(name = "token_id")
    String token;

    @Column(name = "created_at")
    Instant createdAt;

    @Column(name = "last_seen_at")
    Instant lastSeenAt;

    @Column(name = "expires_at")
    Instant expiresAt;

    @Column(name = "source_address")
    String sourceAddress;

    @Column(name = "user_agent")
    String userAgent;

    @Column(name = "refresh_token")
    byte[] refreshToken;

    @Column(name = "checked_until")
    Instant checkedUntil;

    @Column(name = "provider_session")
    String providerSession;

    static SessionEntity of(Session session, byte[] hash) {
        SessionEntity entity = new SessionEntity();
        entity.id = session.id();
        entity.hash = hash.clone();
        entity.user = session.user();
        entity.token = session.token();
        entity.createdAt = session.createdAt();
        entity.lastSeenAt = session.lastSeenAt();
        entity.expiresAt = session.expiresAt();
        entity.sourceAddress = session.sourceAddress();
        entity.userAgent = session.userAgent();
        entity.refreshToken = session.refreshToken();
        entity.checkedUntil = session.checkedUntil();
        entity.providerSession = session.providerSession();
        return entity;
    }

    Session toSession() {
        return new Session(
                id,
                user,
                token,
                createdAt,
                lastSeenAt,
                expiresAt,
                sourceAddress,
                userAgent,
                refreshToken,
                checkedUntil,
                providerSession);
    }
}
