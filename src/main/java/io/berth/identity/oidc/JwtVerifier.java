package io.berth.identity.oidc;

import io.quarkus.oidc.AccessTokenCredential;
import io.quarkus.oidc.TenantIdentityProvider;
import io.quarkus.security.AuthenticationFailedException;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jboss.logging.Logger;

/** Has Quarkus verify the provider's JWTs: signature (asymmetric algorithms only), issuer, audience and times. */
final class JwtVerifier {

    private static final Logger LOG = Logger.getLogger(JwtVerifier.class);
    private static final Pattern JWT = Pattern.compile("[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]*");
    private static final int LONGEST = 24 << 10;
    private static final Duration DEADLINE = Duration.ofSeconds(15);

    private final TenantIdentityProvider provider;

    JwtVerifier(TenantIdentityProvider provider) {
        this.provider = provider;
    }

    /** Whether it has the form of a signed JWT, and a bearable length. */
    static boolean isWellFormed(String token) {
        return token.length() <= LONGEST && JWT.matcher(token).matches();
    }

    /**
     * What a token says; empty if it is not good. Blocks, if the provider's keys are needed, for 15 s at most.
     *
     * @throws io.berth.common.BerthException {@code UNAVAILABLE} if the provider is needed and does not answer
     */
    Optional<Claims> verify(String token) {
        try {
            provider.authenticate(new AccessTokenCredential(token)).await().atMost(DEADLINE);
            return Optional.of(Claims.of(token));
        } catch (AuthenticationFailedException e) {
            LOG.debugf(e, "a token of the identity provider is no good");
            return Optional.empty();
        } catch (RuntimeException e) {
            LOG.warnf("a token cannot be verified: %s", e);
            throw ProviderClient.unavailable("is needed to verify this token, and does not answer as it should", e);
        }
    }
}
