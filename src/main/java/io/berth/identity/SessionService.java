package io.berth.identity;

import io.berth.api.auth.CredentialRevoked;
import io.berth.api.auth.Principal;
import io.berth.api.auth.Subject;
import io.berth.common.BerthException;
import io.berth.common.ErrorCode;
import io.berth.common.Ids;
import io.berth.common.KeyedLocks;
import io.berth.identity.LogoutTokens.ProviderLogout;
import io.berth.identity.store.ApiTokenRepository;
import io.berth.identity.store.SessionRepository;
import io.berth.identity.store.UserRepository;
import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Begins, checks and ends browser sessions. */
@ApplicationScoped
public class SessionService {

    static final String ID_PREFIX = "ses";

    private static final int LONGEST_AGENT = 256;

    private final SessionRepository sessions;
    private final UserRepository users;
    private final ApiTokenRepository tokens;
    private final Principals principals;
    private final LastUses uses;
    private final ExternalTokens external;
    private final Event<CredentialRevoked> revoked;
    private final SessionConfig config;
    private final Clock clock;
    private final KeyedLocks<String> refreshing = new KeyedLocks<>();
    private final RefreshTokens refreshTokens = new RefreshTokens();

    SessionService(
            SessionRepository sessions,
            UserRepository users,
            ApiTokenRepository tokens,
            Principals principals,
            LastUses uses,
            ExternalTokens external,
            Event<CredentialRevoked> revoked,
            SessionConfig config,
            Clock clock) {
        this.sessions = sessions;
        this.users = users;
        this.tokens = tokens;
        this.principals = principals;
        this.uses = uses;
        this.external = external;
        this.revoked = revoked;
        this.config = config;
        this.clock = clock;
    }

    /** Where somebody signs in from, for the list of sessions. */
    public record Origin(@Nullable String address, @Nullable String userAgent) {}

    /** A new session, and what its cookie holds. */
    public record Begun(Session session, Subject subject, String cookie) {}

    /** Signs a user in. */
    public Begun begin(User user, Origin origin) {
        return begin(Subject.user(user.id(), user.name()), origin, null, config.lifetime());
    }

    /** Signs a user in whom the identity provider vouches for, as long as it does. */
    public Begun begin(ExternalTokens.Verified user, Origin origin) {
        // without a refresh token there is no asking again
        Duration most =
                user.refreshToken() == null ? Duration.between(clock.instant(), user.validUntil()) : config.lifetime();
        return begin(Subject.user(user.user().id(), user.user().name()), origin, user, most);
    }

    /**
     * Signs in with a token: the session can do what the token can, and ends with it.
     *
     * @param principal who the token says it is
     */
    public Begun begin(Principal principal, Origin origin) {
        if (principal.subject().kind() != Subject.Kind.TOKEN) {
            throw new BerthException(ErrorCode.UNAUTHENTICATED, "only an API token can be signed in with");
        }
        return begin(principal.subject(), origin, null, config.lifetime());
    }

    private Begun begin(Subject subject, Origin origin, ExternalTokens.@Nullable Verified verified, Duration lifetime) {
        Instant now = clock.instant();
        String cookie = SecretText.generate();
        String id = Ids.next(ID_PREFIX);
        byte[] sealed = null;
        if (verified != null && verified.refreshToken() != null) {
            refreshTokens.remember(id, cookie);
            sealed = refreshTokens.seal(id, verified.refreshToken());
        }
        Session session = new Session(
                id,
                subject.kind() == Subject.Kind.USER ? subject.id() : null,
                subject.kind() == Subject.Kind.TOKEN ? subject.id() : null,
                now,
                now,
                now.plus(lifetime),
                origin.address(),
                clip(origin.userAgent()),
                sealed,
                verified == null ? null : checkAgain(verified.validUntil(), sealed),
                verified == null ? null : verified.session());
        sessions.add(session, TokenHash.of(cookie).bytes());
        return new Begun(session, subject, cookie);
    }

    /** When to ask the provider, if there is something to ask with: some make access tokens that are good for days. */
    private Instant checkAgain(Instant tokenEnd, byte @Nullable [] sealed) {
        Instant soon = clock.instant().plus(config.providerCheck());
        return sealed == null || tokenEnd.isBefore(soon) ? tokenEnd : soon;
    }

    private static @Nullable String clip(@Nullable String agent) {
        return agent == null || agent.length() <= LONGEST_AGENT ? agent : agent.substring(0, LONGEST_AGENT);
    }

    /**
     * Who a cookie stands for; empty if the session is unknown or has ended.
     *
     * @throws BerthException {@code UNAVAILABLE} if the identity provider has to be asked and does not answer
     */
    Optional<Principal> verify(String cookie) {
        Optional<Session> found =
                sessions.findGood(TokenHash.of(cookie).bytes(), clock.instant(), config.idleTimeout());
        found.ifPresent(session -> uses.ofSession(session.id()));
        found.filter(session -> session.refreshToken() != null)
                .ifPresent(session -> refreshTokens.remember(session.id(), cookie));
        return found.flatMap(this::principal);
    }

    /** The same for a session that was good once. */
    Optional<Principal> recheck(String id) {
        Optional<Session> found = sessions.findGood(id, clock.instant(), config.idleTimeout());
        found.ifPresent(session -> uses.ofSession(session.id()));
        return found.flatMap(this::principal);
    }

    private Optional<Principal> principal(Session session) {
        Instant now = clock.instant();
        if (session.token() != null) {
            return tokens.findGood(session.token(), now)
                    .flatMap(token -> principals.ofToken(token, session.id(), earlier(session, token.expiresAt())));
        }
        Instant checked = session.checkedUntil();
        if (checked != null && !now.isBefore(checked)) {
            return refreshed(session);
        }
        String user = session.user();
        return user == null
                ? Optional.empty()
                : users.findUser(user).filter(found -> !found.disabled()).map(found -> seen(found, session));
    }

    private Principal seen(User user, Session session) {
        uses.ofUser(user.id());
        return principals.ofUser(user, session.id(), session.validUntil());
    }

    private static Instant earlier(Session session, @Nullable Instant end) {
        return end != null && end.isBefore(session.expiresAt()) ? end : session.expiresAt();
    }

    /** Asks the identity provider whether the user still is who they were. */
    private Optional<Principal> refreshed(Session stale) {
        try (KeyedLocks.Held one = refreshing.lock(stale.id())) {
            return refreshLocked(stale);
        }
    }

    private Optional<Principal> refreshLocked(Session stale) {
        Session session = sessions.findGood(stale.id(), clock.instant(), config.idleTimeout())
                .orElse(null);
        if (session == null || session.checkedUntil() == null || session.refreshToken() == null) {
            return Optional.empty();
        }
        if (clock.instant().isBefore(session.checkedUntil())) {
            // another request has asked meanwhile
            return principal(session);
        }
        String refreshToken = refreshTokens.open(session.id(), session.refreshToken());
        Optional<ExternalTokens.Verified> verified =
                refreshToken == null ? Optional.empty() : external.refresh(refreshToken);
        if (refreshToken == null
                || verified.isEmpty()
                || !verified.get().user().id().equals(session.user())) {
            end(session.id());
            return Optional.empty();
        }
        String next = verified.get().refreshToken();
        byte[] sealed = refreshTokens.seal(session.id(), next == null ? refreshToken : next);
        Instant until = checkAgain(verified.get().validUntil(), sealed);
        sessions.checked(session.id(), sealed, until);
        Instant valid = until.isBefore(session.expiresAt()) ? until : session.expiresAt();
        return Optional.of(principals.ofUser(verified.get().user(), session.id(), valid));
    }

    /** The good sessions of whoever the principal is. */
    public List<Session> list(Principal principal) {
        Instant now = clock.instant();
        return principal.subject().kind() == Subject.Kind.USER
                ? sessions.list(principal.subject().id(), null, now, config.idleTimeout())
                : sessions.list(null, principal.subject().id(), now, config.idleTimeout());
    }

    /** @throws BerthException {@code SESSION_NOT_FOUND} if it is none of the principal's own */
    public Session get(Principal principal, String id) {
        return list(principal).stream()
                .filter(session -> session.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new BerthException(
                        ErrorCode.SESSION_NOT_FOUND, "you have no session '" + (id.length() > 64 ? "…" : id) + "'"));
    }

    /**
     * Ends one of the principal's own sessions, at once.
     *
     * @throws BerthException {@code SESSION_NOT_FOUND}
     */
    public void end(Principal principal, String id) {
        end(get(principal, id).id());
    }

    /** A session that its identity provider has ended. */
    public record Ended(String id, Subject subject) {}

    /** Ends, at once, what was begun at the identity provider and has ended there. */
    public List<Ended> end(ProviderLogout logout) {
        List<Session> removed = sessions.remove(logout);
        removed.forEach(session -> forget(session.id()));
        return removed.stream().map(this::ended).toList();
    }

    private Ended ended(Session session) {
        String user = Objects.requireNonNull(session.user());
        String name = users.findUser(user).map(User::name).orElse(user);
        return new Ended(session.id(), Subject.user(user, name));
    }

    private void end(String id) {
        sessions.remove(id);
        forget(id);
    }

    private void forget(String id) {
        refreshTokens.forget(id);
        revoked.fire(CredentialRevoked.credential(id));
    }

    @Scheduled(every = "1h", delayed = "5m")
    void forgetEnded() {
        sessions.deleteEnded(clock.instant(), config.idleTimeout());
    }

    /** What a page of ours has to send along with a cookie: no other page can know it. */
    public static String csrfToken(String cookie) {
        return TokenHash.of("csrf " + cookie).text();
    }

    /** Whether a request that came with a cookie came with its CSRF token too. */
    static boolean isCsrfToken(@Nullable String shown, String cookie) {
        return shown != null
                && MessageDigest.isEqual(
                        shown.getBytes(StandardCharsets.UTF_8),
                        csrfToken(cookie).getBytes(StandardCharsets.UTF_8));
    }
}
