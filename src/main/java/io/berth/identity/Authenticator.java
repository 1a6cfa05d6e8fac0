package io.berth.identity;

import io.berth.api.auth.CredentialCheck;
import io.berth.api.auth.Principal;
import io.berth.common.Ids;
import io.berth.identity.store.ApiTokenRepository;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.util.Optional;

/** Turns what a client shows into a principal: from memory if it was verified a moment ago, else with queries. */
@ApplicationScoped
public class Authenticator implements CredentialCheck {

    private static final String EXTERNAL = "oidc_";

    private final ApiTokenRepository tokens;
    private final SessionService sessions;
    private final LastUses uses;
    private final ExternalTokens external;
    private final Principals principals;
    private final VerifiedCredentials verified;
    private final Clock clock;

    Authenticator(
            ApiTokenRepository tokens,
            SessionService sessions,
            LastUses uses,
            ExternalTokens external,
            Principals principals,
            VerifiedCredentials verified,
            Clock clock) {
        this.tokens = tokens;
        this.sessions = sessions;
        this.uses = uses;
        this.external = external;
        this.principals = principals;
        this.verified = verified;
        this.clock = clock;
    }

    /**
     * The owner of a token, ours or an identity provider's; empty if it is unknown, expired or revoked. Blocks unless the token was
     * verified a moment ago: not for the event loop.
     *
     * @throws io.berth.common.BerthException {@code UNAVAILABLE} if the identity provider is needed and does not answer
     */
    public Optional<Principal> authenticate(String token) {
        if (ApiTokens.isWellFormed(token)) {
            TokenHash hash = TokenHash.of(token);
            return verified.findOr(hash, () -> verify(hash));
        }
        if (external.handles(token)) {
            TokenHash hash = TokenHash.of(token);
            return verified.findOr(hash, () -> verifyExternal(token, hash));
        }
        return Optional.empty();
    }

    /** Who a session's cookie stands for; otherwise as {@link #authenticate}. */
    public Optional<Principal> authenticateSession(String cookie) {
        return SecretText.isWellFormed(cookie)
                ? verified.findOr(TokenHash.of(cookie), () -> sessions.verify(cookie))
                : Optional.empty();
    }

    /** The owner of a token or cookie verified a moment ago; never blocks. Empty means: ask the others. */
    Optional<Principal> authenticateFromMemory(ClientCredential credential) {
        boolean session = credential.kind() == ClientCredential.Kind.SESSION;
        return verified.find(TokenHash.of(credential.value()))
                .filter(principal -> Ids.isId(SessionService.ID_PREFIX, principal.credential()) == session);
    }

    @Override
    public Optional<Principal> recheck(Principal principal) {
        String id = principal.credential();
        if (Ids.isId(SessionService.ID_PREFIX, id)) {
            return sessions.recheck(id);
        }
        if (id.startsWith(EXTERNAL)) {
            boolean lapsed = principal.validUntil() == null || !clock.instant().isBefore(principal.validUntil());
            return lapsed || principal.user() == null
                    ? Optional.empty()
                    : principals.ofUser(principal.user(), id, principal.validUntil());
        }
        return tokens.findGood(id, clock.instant())
                .flatMap(token -> principals.ofToken(token, token.id(), token.expiresAt()));
    }

    private Optional<Principal> verify(TokenHash hash) {
        Optional<ApiToken> found = tokens.findGood(hash.bytes(), clock.instant());
        found.ifPresent(token -> uses.ofToken(token.id()));
        return found.flatMap(token -> principals.ofToken(token, token.id(), token.expiresAt()));
    }

    private Optional<Principal> verifyExternal(String token, TokenHash hash) {
        return external.verify(token)
                .map(found ->
                        principals.ofUser(found.user(), EXTERNAL + hash.text().substring(0, 16), found.validUntil()));
    }
}
