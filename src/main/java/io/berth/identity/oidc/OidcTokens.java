package io.berth.identity.oidc;

import io.berth.identity.ExternalTokens;
import io.quarkus.oidc.AccessTokenCredential;
import io.quarkus.oidc.TenantIdentityProvider;
import io.quarkus.security.AuthenticationFailedException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Instance;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Bearer tokens of the provider. Quarkus verifies signature, issuer, audience and times; what they say is {@link Provisioning}'s. */
@ApplicationScoped
class OidcTokens implements ExternalTokens {

    private static final Logger LOG = Logger.getLogger(OidcTokens.class);
    private static final Pattern JWT = Pattern.compile("[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]*");
    private static final int LONGEST = 24 << 10;
    private static final Duration DEADLINE = Duration.ofSeconds(15);

    private final OidcConfig config;
    private final Instance<TenantIdentityProvider> verifier;
    private final ProviderClient provider;
    private final Provisioning provisioning;

    OidcTokens(
            OidcConfig config,
            Instance<TenantIdentityProvider> verifier,
            ProviderClient provider,
            Provisioning provisioning) {
        this.config = config;
        this.verifier = verifier;
        this.provider = provider;
        this.provisioning = provisioning;
    }

    @Override
    public boolean handles(String token) {
        return config.issuer().isPresent()
                && token.length() <= LONGEST
                && JWT.matcher(token).matches();
    }

    @Override
    public Optional<Verified> verify(String token) {
        return verified(token, null);
    }

    @Override
    public Optional<Verified> refresh(String refreshToken) {
        if (config.issuer().isEmpty()) {
            return Optional.empty();
        }
        return provider.tokens(Map.of("grant_type", "refresh_token", "refresh_token", refreshToken))
                .flatMap(tokens -> verified(tokens.accessToken(), tokens.refreshToken()));
    }

    /** The user of a token, and what to ask again with. */
    Optional<Verified> verified(String accessToken, @Nullable String refreshToken) {
        if (!isGood(accessToken)) {
            return Optional.empty();
        }
        Claims claims = Claims.of(accessToken);
        if (!claims.isAccessToken()) {
            return Optional.empty();
        }
        return provisioning.provision(claims).map(user -> new Verified(user, claims.time("exp"), refreshToken));
    }

    private boolean isGood(String token) {
        try {
            verifier.get()
                    .authenticate(new AccessTokenCredential(token))
                    .await()
                    .atMost(DEADLINE);
            return true;
        } catch (AuthenticationFailedException e) {
            LOG.debugf(e, "a token of the identity provider is no good");
            return false;
        } catch (RuntimeException e) {
            LOG.warnf("a token cannot be verified: %s", e);
            throw ProviderClient.unavailable("is needed to verify this token, and does not answer as it should", e);
        }
    }
}
