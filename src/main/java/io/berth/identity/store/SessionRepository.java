package io.berth.identity.store;

import io.berth.identity.LogoutTokens.ProviderLogout;
import io.berth.identity.Session;
import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Browser sessions in the database. */
@ApplicationScoped
public class SessionRepository implements PanacheRepositoryBase<SessionEntity, String> {

    @Transactional
    public void add(Session session, byte[] hash) {
        persist(SessionEntity.of(session, hash));
    }

    /** The session with this hash if it is good now. */
    @Transactional
    public Optional<Session> findGood(byte[] hash, Instant now, Duration idle) {
        return find("hash = ?1 and expiresAt > ?2 and lastSeenAt > ?3", hash, now, now.minus(idle))
                .firstResultOptional()
                .map(SessionEntity::toSession);
    }

    /** The session with this id if it is good now. */
    @Transactional
    public Optional<Session> findGood(String id, Instant now, Duration idle) {
        return find("id = ?1 and expiresAt > ?2 and lastSeenAt > ?3", id, now, now.minus(idle))
                .firstResultOptional()
                .map(SessionEntity::toSession);
    }

    /** Notes when sessions were used. */
    @Transactional
    public void used(Map<String, Instant> uses) {
        uses.forEach((id, at) -> update("lastSeenAt = ?1 where id = ?2", at, id));
    }

    /** What the identity provider said when it was asked again. */
    @Transactional
    public void checked(String id, byte[] refreshToken, Instant until) {
        update("refreshToken = ?1, checkedUntil = ?2 where id = ?3", refreshToken, until, id);
    }

    /** Good sessions of a user, or of a token, newest first. */
    @Transactional
    public List<Session> list(@Nullable String user, @Nullable String token, Instant now, Duration idle) {
        String whose = user != null ? "user = ?1" : "token = ?1";
        return find(
                        whose + " and expiresAt > ?2 and lastSeenAt > ?3 order by id desc",
                        user != null ? user : token,
                        now,
                        now.minus(idle))
                .stream()
                .map(SessionEntity::toSession)
                .toList();
    }

    /** @return whether it was there */
    @Transactional
    public boolean remove(String id) {
        return deleteById(id);
    }

    /**
     * Removes what was begun at the identity provider and has ended there.
     *
     * @return what is removed
     */
    @Transactional
    public List<Session> remove(ProviderLogout logout) {
        StringBuilder where = new StringBuilder("user in (select u.id from UserEntity u where u.issuer = :issuer");
        Map<String, Object> values = new HashMap<>(Map.of("issuer", logout.issuer()));
        if (logout.subject() != null) {
            where.append(" and u.subject = :subject");
            values.put("subject", logout.subject());
        }
        // of a session whose name at the provider is not known it cannot be said that it is another one
        String nameless = "providerSession is null and checkedUntil is not null";
        if (logout.session() == null) {
            where.append(") and checkedUntil is not null"); // which those alone have that were begun there
        } else {
            values.put("session", logout.session());
            where.append(") and (providerSession = :session");
            where.append(logout.subject() == null ? ")" : " or " + nameless + ")");
        }
        List<Session> found = find(where.toString(), values).stream()
                .map(SessionEntity::toSession)
                .toList();
        return found.stream().filter(session -> delete("id", session.id()) == 1).toList();
    }

    @Transactional
    public long deleteEnded(Instant now, Duration idle) {
        return delete("expiresAt <= ?1 or lastSeenAt <= ?2", now, now.minus(idle));
    }
}
