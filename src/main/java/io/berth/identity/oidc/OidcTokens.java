package io.berth.identity.oidc;

import io.berth.identity.ExternalTokens;
import io.quarkus.oidc.TenantIdentityProvider;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Bearer tokens of the provider. {@link JwtVerifier} tells whether they are good; what they say is {@link Provisioning}'s. */
@ApplicationScoped
class OidcTokens implements ExternalTokens {

    private final OidcConfig config;
    private final JwtVerifier verifier;
    private final ProviderClient provider;
    private final Provisioning provisioning;

    OidcTokens(OidcConfig config, TenantIdentityProvider verifier, ProviderClient provider, Provisioning provisioning) {
        this.config = config;
        this.verifier = new JwtVerifier(verifier);
        this.provider = provider;
        this.provisioning = provisioning;
    }

    @Override
    public boolean handles(String token) {
        return config.issuer().isPresent() && JwtVerifier.isWellFormed(token);
    }

    @Override
    public Optional<Verified> verify(String token) {
        return verified(token, null, null);
    }

    @Override
    public Optional<Verified> refresh(String refreshToken) {
        if (config.issuer().isEmpty()) {
            return Optional.empty();
        }
        return provider.tokens(Map.of("grant_type", "refresh_token", "refresh_token", refreshToken))
                .flatMap(this::verified);
    }

    /** Whom the tokens are for. */
    Optional<Verified> verified(ProviderClient.Tokens tokens) {
        return verified(tokens.accessToken(), tokens.refreshToken(), tokens.idToken());
    }

    private Optional<Verified> verified(String accessToken, @Nullable String refreshToken, @Nullable String idToken) {
        return verifier.verify(accessToken)
                .filter(Claims::isAccessToken)
                .flatMap(claims -> provisioning
                        .provision(claims)
                        .map(user -> new Verified(user, claims.time("exp"), refreshToken, session(claims, idToken))));
    }

    /**
     * The provider's session. The ID token is where it is told; from the provider itself it needs no other proof (OpenID Connect Core
     * 1.0, section 3.1.3.7).
     */
    private static @Nullable String session(Claims accessToken, @Nullable String idToken) {
        if (idToken == null || !JwtVerifier.isWellFormed(idToken)) {
            return null;
        }
        Claims claims = Claims.of(idToken);
        String session = claims.text("sid");
        return session != null
                        && session.length() <= BackchannelLogout.LONGEST_ID
                        && Objects.equals(claims.text("sub"), accessToken.text("sub"))
                ? session
                : null;
    }
}
