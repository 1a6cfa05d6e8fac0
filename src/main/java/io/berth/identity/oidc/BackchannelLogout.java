package io.berth.identity.oidc;

import io.berth.common.BerthException;
import io.berth.common.ErrorCode;
import io.berth.identity.LogoutTokens;
import io.quarkus.oidc.Tenant;
import io.quarkus.oidc.TenantIdentityProvider;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Logout tokens of the provider (OpenID Connect Back-Channel Logout 1.0, section 2.6). They are meant for Berth as a client, so their
 * audience is another than that of access tokens, and Quarkus verifies them by a configuration of their own.
 */
@ApplicationScoped
class BackchannelLogout implements LogoutTokens {

    /** Of the configuration: {@code quarkus.oidc.logout-tokens}. */
    static final String TENANT = "logout-tokens";

    /** Of a session, or a subject, as it is stored. */
    static final int LONGEST_ID = 255;

    private final OidcConfig config;
    private final JwtVerifier verifier;
    private final SpentTokens spent;

    BackchannelLogout(OidcConfig config, @Tenant(TENANT) TenantIdentityProvider verifier, Clock clock) {
        this.config = config;
        this.verifier = new JwtVerifier(verifier);
        this.spent = new SpentTokens(clock);
    }

    @Override
    public void accept(@Nullable String token, Consumer<ProviderLogout> act) {
        if (config.issuer().isEmpty()) {
            throw new BerthException(ErrorCode.NOT_FOUND, "this server has no identity provider");
        }
        if (token == null || !JwtVerifier.isWellFormed(token)) {
            throw refused("send 'logout_token', a signed JWT, in a form");
        }
        Claims claims = verifier.verify(token)
                .orElseThrow(() -> refused("its signature, issuer, audience (which has to be '" + config.clientId()
                        + "') or times are not good"));
        ProviderLogout logout = logout(claims);
        String id = bounded(claims, "jti");
        if (id == null) {
            throw refused("it has no 'jti'");
        }
        if (!spent.spend(id, claims.time("exp"))) {
            throw refused("it was used already");
        }
        try {
            act.accept(logout);
        } catch (RuntimeException e) {
            spent.restore(id);
            throw e;
        }
    }

    private static ProviderLogout logout(Claims claims) {
        if (!claims.isLogout()) {
            throw refused("'events' does not have '" + Claims.LOGOUT + "'");
        }
        if (claims.has("nonce")) {
            throw refused("it has a 'nonce', as only ID tokens may");
        }
        String issuer = claims.text("iss");
        String subject = bounded(claims, "sub");
        String session = bounded(claims, "sid");
        if (issuer == null || subject == null && session == null) {
            throw refused("it has neither 'sub' nor 'sid'");
        }
        return new ProviderLogout(issuer, subject, session);
    }

    private static @Nullable String bounded(Claims claims, String claim) {
        String text = claims.text(claim);
        if (text != null && text.length() > LONGEST_ID) {
            throw refused("'" + claim + "' is too long");
        }
        return text;
    }

    private static BerthException refused(String why) {
        return new BerthException(ErrorCode.BAD_REQUEST, "the logout token is not good: " + why);
    }
}
