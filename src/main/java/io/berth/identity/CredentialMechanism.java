package io.berth.identity;

import io.berth.api.auth.AuthenticationGuard;
import io.berth.api.auth.Principal;
import io.berth.api.auth.RequestAuthentication;
import io.berth.api.http.SameOrigin;
import io.berth.common.BerthException;
import io.berth.common.ErrorCode;
import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.identity.IdentityProviderManager;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.identity.request.AuthenticationRequest;
import io.quarkus.security.runtime.QuarkusSecurityIdentity;
import io.quarkus.vertx.http.runtime.security.ChallengeData;
import io.quarkus.vertx.http.runtime.security.HttpAuthenticationMechanism;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Set;

/**
 * Reads {@code Authorization: Bearer …}, or else the cookie of a session. A bad credential makes the request anonymous and leaves the
 * reason behind for {@link AuthenticationGuard}, which answers it; so the answer is the same problem document everywhere. WebSocket
 * upgrades are left alone: a browser could not see why they were refused, so their endpoints authenticate and answer with close codes.
 *
 * <p>A browser sends a cookie with whatever any page makes it send, so requests that change something need the CSRF token of the
 * session besides, and must come from a page of ours.
 */
@ApplicationScoped
class CredentialMechanism implements HttpAuthenticationMechanism {

    private static final String SCHEME = "Bearer ";
    private static final String CSRF_HEADER = "X-CSRF-Token";
    private static final Set<HttpMethod> SAFE = Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS);

    @Override
    public Uni<SecurityIdentity> authenticate(RoutingContext context, IdentityProviderManager identityProviders) {
        if (RequestAuthentication.isStream(context)) {
            return anonymous();
        }
        String header = context.request().getHeader("Authorization");
        if (header != null) {
            return bearer(context, header, identityProviders);
        }
        String cookie = SessionCookie.read(context.request());
        return cookie == null ? anonymous() : session(context, cookie, identityProviders);
    }

    private static Uni<SecurityIdentity> bearer(
            RoutingContext context, String header, IdentityProviderManager identityProviders) {
        if (!header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            RequestAuthentication.failed(context, "the Authorization header must be 'Bearer <token>'");
            return anonymous();
        }
        String token = header.substring(SCHEME.length()).strip();
        return verify(
                context,
                new ClientCredential(ClientCredential.Kind.TOKEN, token),
                identityProviders,
                "the token is unknown, expired or revoked");
    }

    private static Uni<SecurityIdentity> session(
            RoutingContext context, String cookie, IdentityProviderManager identityProviders) {
        if (!SAFE.contains(context.request().method())) {
            if (!SameOrigin.isFromOwnPage(context.request())) {
                RequestAuthentication.failed(
                        context, ErrorCode.CROSS_SITE, "a page of another site cannot use the session of its visitor");
                return anonymous();
            }
            if (!SessionService.isCsrfToken(context.request().getHeader(CSRF_HEADER), cookie)) {
                RequestAuthentication.failed(
                        context,
                        ErrorCode.CROSS_SITE,
                        "a change needs the header " + CSRF_HEADER
                                + ": its value is 'csrfToken' of GET /api/v1/session");
                return anonymous();
            }
        }
        return verify(
                context,
                new ClientCredential(ClientCredential.Kind.SESSION, cookie),
                identityProviders,
                "the session has ended: sign in again");
    }

    private static Uni<SecurityIdentity> verify(
            RoutingContext context,
            ClientCredential credential,
            IdentityProviderManager identityProviders,
            String refusal) {
        return identityProviders
                .authenticate(credential)
                .invoke(identity -> RequestAuthentication.succeeded(context, (Principal) identity.getPrincipal()))
                .onFailure(AuthenticationFailedException.class)
                .recoverWithUni(failure -> {
                    RequestAuthentication.failed(context, refusal);
                    return anonymous();
                })
                .onFailure(BerthException.class)
                .recoverWithUni(failure -> {
                    BerthException known = (BerthException) failure;
                    RequestAuthentication.failed(context, known.code(), String.valueOf(known.getMessage()));
                    return anonymous();
                });
    }

    /** Not {@code null}: no other mechanism is to be asked. */
    private static Uni<SecurityIdentity> anonymous() {
        return Uni.createFrom()
                .item(QuarkusSecurityIdentity.builder().setAnonymous(true).build());
    }

    @Override
    public Uni<ChallengeData> getChallenge(RoutingContext context) {
        return Uni.createFrom().item(new ChallengeData(401, "WWW-Authenticate", AuthenticationGuard.CHALLENGE));
    }

    @Override
    public Set<Class<? extends AuthenticationRequest>> getCredentialTypes() {
        return Set.of(ClientCredential.class);
    }

    @Override
    public int getPriority() {
        return DEFAULT_PRIORITY + 100;
    }
}
