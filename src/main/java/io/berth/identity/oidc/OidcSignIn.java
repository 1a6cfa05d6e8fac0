package io.berth.identity.oidc;

import io.berth.api.http.SameOrigin;
import io.berth.common.BerthException;
import io.berth.common.ErrorCode;
import io.berth.identity.BrowserSignIn;
import io.berth.identity.ExternalTokens.Verified;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.CookieSameSite;
import io.vertx.core.http.HttpServerRequest;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The authorization code flow with PKCE (RFC 6749, RFC 7636). What the browser has to come back with is in a cookie of its own, so the
 * server keeps nothing of those who never do.
 */
@ApplicationScoped
class OidcSignIn implements BrowserSignIn {

    private static final String PATH = "/signin/oidc";
    private static final String COOKIE = "berth-signin";
    private static final long COOKIE_SECONDS = 600;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final OidcConfig config;
    private final ProviderClient provider;
    private final OidcTokens tokens;

    OidcSignIn(OidcConfig config, ProviderClient provider, OidcTokens tokens) {
        this.config = config;
        this.provider = provider;
        this.tokens = tokens;
    }

    @Override
    public boolean isEnabled() {
        return config.issuer().isPresent();
    }

    @Override
    public URI begin(HttpServerRequest request) {
        if (!isEnabled()) {
            throw new BerthException(
                    ErrorCode.NOT_FOUND,
                    "this server has no identity provider: an administrator sets BERTH_OIDC_ISSUER");
        }
        URI authorization = provider.endpoints().authorization();
        String state = random();
        String verifier = random();
        setCookie(request, state + "." + verifier, COOKIE_SECONDS);
        Map<String, String> query = new LinkedHashMap<>();
        query.put("response_type", "code");
        query.put("client_id", config.clientId());
        query.put("redirect_uri", redirectUri(request));
        query.put("scope", config.scope());
        query.put("state", state);
        query.put("code_challenge", challenge(verifier));
        query.put("code_challenge_method", "S256");
        String separator = authorization.getRawQuery() == null ? "?" : "&";
        return URI.create(authorization + separator + ProviderClient.encode(query));
    }

    @Override
    public Verified complete(
            HttpServerRequest request, @Nullable String code, @Nullable String state, @Nullable String error) {
        if (!isEnabled()) {
            throw new BerthException(ErrorCode.NOT_FOUND, "this server has no identity provider");
        }
        Cookie cookie = request.getCookie(cookieName(request));
        String[] sent = cookie == null ? new String[0] : cookie.getValue().split("\\.", -1);
        setCookie(request, "", 0);
        if (sent.length != 2 || state == null || !isSame(sent[0], state)) {
            throw failed("this browser did not begin it here, or more than 10 minutes ago: begin again");
        }
        if (error != null || code == null) {
            throw failed("the identity provider does not let you in");
        }
        return provider.tokens(Map.of(
                        "grant_type",
                        "authorization_code",
                        "code",
                        code,
                        "redirect_uri",
                        redirectUri(request),
                        "code_verifier",
                        sent[1]))
                .flatMap(tokens::verified)
                .orElseThrow(() -> failed("the identity provider's answer is not good for audience '"
                        + config.audience() + "', or your user is disabled here"));
    }

    private static String redirectUri(HttpServerRequest request) {
        return request.scheme() + "://" + SameOrigin.host(request) + PATH + "/callback";
    }

    private static void setCookie(HttpServerRequest request, String value, long seconds) {
        request.response()
                .addCookie(Cookie.cookie(cookieName(request), value)
                        .setPath(PATH)
                        .setHttpOnly(true)
                        .setSecure(isSecure(request))
                        .setSameSite(CookieSameSite.LAX)
                        .setMaxAge(seconds));
    }

    private static String cookieName(HttpServerRequest request) {
        return isSecure(request) ? "__Secure-" + COOKIE : COOKIE;
    }

    private static boolean isSecure(HttpServerRequest request) {
        return "https".equals(request.scheme());
    }

    private static boolean isSame(String one, String other) {
        return MessageDigest.isEqual(one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
    }

    private static String random() {
        byte[] bytes = new byte[32];
        RANDOM.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static String challenge(String verifier) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(verifier.getBytes(StandardCharsets.US_ASCII));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static BerthException failed(String why) {
        return new BerthException(ErrorCode.SIGN_IN_FAILED, why);
    }
}
