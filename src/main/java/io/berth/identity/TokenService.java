package io.berth.identity;

import io.berth.api.auth.CredentialRevoked;
import io.berth.api.auth.Principal;
import io.berth.api.auth.Subject;
import io.berth.api.paging.Page;
import io.berth.api.paging.PageRequest;
import io.berth.common.BerthException;
import io.berth.common.ErrorCode;
import io.berth.common.Ids;
import io.berth.identity.store.ApiTokenRepository;
import io.berth.tenants.Role;
import io.berth.tenants.TenantId;
import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes, shows and revokes API tokens, of a tenant or ({@code tenant} is {@code null}) of the platform. The caller has checked that
 * the principal may.
 */
@ApplicationScoped
public class TokenService {

    private static final int MOST = 1000;
    private static final int MOST_OF_ONE = 100;
    private static final Duration KEPT = Duration.ofDays(90);

    private final ApiTokenRepository repository;
    private final Event<CredentialRevoked> revoked;
    private final Clock clock;

    TokenService(ApiTokenRepository repository, Event<CredentialRevoked> revoked, Clock clock) {
        this.repository = repository;
        this.revoked = revoked;
        this.clock = clock;
    }

    /** A new token and its secret, which is nowhere else. */
    public record Made(ApiToken token, String secret) {}

    /**
     * Makes a token that can do no more than its maker.
     *
     * @throws BerthException {@code FORBIDDEN} naming the role or scope the maker lacks; {@code VALIDATION_FAILED};
     *     {@code TOO_MANY_TOKENS}
     */
    public Made create(Principal maker, @Nullable TenantId tenant, NewToken wanted) {
        Instant now = clock.instant();
        TokenGrant grant = new TokenGrant(maker, tenant);
        Role role = grant.role(wanted.role());
        List<String> scopes = grant.scopes(wanted.scopes(), role);
        Instant expiresAt = expiry(maker, wanted.expiresAt(), now);
        if (repository.countGood(tenant, now) >= MOST) {
            throw new BerthException(
                    ErrorCode.TOO_MANY_TOKENS, "there are " + MOST + " tokens already: revoke some that are not used");
        }
        if (!seesAll(maker, tenant) && repository.countGood(tenant, maker(maker), now) >= MOST_OF_ONE) {
            throw new BerthException(
                    ErrorCode.TOO_MANY_TOKENS,
                    "you have made " + MOST_OF_ONE + " tokens already: revoke some that are not used");
        }
        ApiToken token = new ApiToken(
                Ids.next("tok"),
                wanted.name(),
                tenant,
                role,
                scopes,
                maker.user(),
                maker.subject(),
                now,
                expiresAt,
                null);
        String secret = ApiTokens.generate();
        repository.add(token, TokenHash.of(secret).bytes());
        return new Made(token, secret);
    }

    /** What is made with a token that ends, ends with it at the latest. */
    private @Nullable Instant expiry(Principal maker, @Nullable Instant wanted, Instant now) {
        if (wanted != null && !wanted.isAfter(now)) {
            throw BerthException.invalidField("/expiresAt", "is not in the future");
        }
        if (maker.subject().kind() != Subject.Kind.TOKEN) {
            return wanted;
        }
        Instant end = repository
                .findGood(maker.subject().id(), now)
                .map(ApiToken::expiresAt)
                .orElse(null);
        if (end != null && wanted != null && wanted.isAfter(end)) {
            throw BerthException.invalidField(
                    "/expiresAt", "a token cannot make one that outlives it: it ends at " + end);
        }
        return wanted == null ? end : wanted;
    }

    /** The tokens the principal may see: an owner all, others those they made. */
    public Page<ApiToken> list(Principal principal, @Nullable TenantId tenant, PageRequest page) {
        String maker = seesAll(principal, tenant) ? null : maker(principal);
        return Page.of(repository.list(tenant, maker, page), page, ApiToken::id);
    }

    /** @throws BerthException {@code TOKEN_NOT_FOUND} */
    public ApiToken get(Principal principal, @Nullable TenantId tenant, String id) {
        return repository
                .find(tenant, id)
                .filter(token -> seesAll(principal, tenant) || isMaker(principal, token))
                .orElseThrow(() -> notFound(id));
    }

    /**
     * Ends a token, and everything that was opened with it.
     *
     * @throws BerthException {@code TOKEN_NOT_FOUND}
     */
    public void revoke(Principal principal, @Nullable TenantId tenant, String id) {
        ApiToken token = get(principal, tenant, id);
        if (!repository.revoke(token.id(), clock.instant())) {
            throw notFound(id);
        }
        revoked.fire(CredentialRevoked.credential(token.id()));
    }

    @Scheduled(every = "24h", delayed = "10m")
    void forgetEnded() {
        repository.deleteEnded(clock.instant(), KEPT);
    }

    private static boolean seesAll(Principal principal, @Nullable TenantId tenant) {
        return tenant == null || principal.role(tenant).orElse(Role.VIEWER).isAtLeast(Role.OWNER);
    }

    private static String maker(Principal principal) {
        String user = principal.user();
        return user == null ? principal.subject().id() : user;
    }

    private static boolean isMaker(Principal principal, ApiToken token) {
        String maker = maker(principal);
        return maker.equals(token.user()) || maker.equals(token.createdBy().id());
    }

    private static BerthException notFound(String id) {
        String shown = id.length() > 64 ? id.substring(0, 64) + "…" : id;
        return new BerthException(ErrorCode.TOKEN_NOT_FOUND, "there is no token '" + shown + "'");
    }
}
