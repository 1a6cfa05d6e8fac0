package io.berth.identity.rest;

import io.berth.api.ratelimit.RateLimitFilter;
import io.berth.common.BerthException;
import io.berth.common.ErrorCode;
import io.berth.identity.LogoutTokens;
import io.berth.identity.SessionService;
import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import io.smallrye.common.annotation.Blocking;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.FormParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.jspecify.annotations.Nullable;

/**
 * Where the identity provider tells that somebody was signed out there.
 *
 * @see <a href="https://openid.net/specs/openid-connect-backchannel-1_0.html#BCRequest">Back-Channel Logout 1.0, section 2.5</a>
 */
@Path("/signin/oidc/backchannel-logout")
@Blocking
public class BackchannelLogoutResource {

    private final LogoutTokens tokens;
    private final SessionService sessions;
    private final SignInAudit audit;
    private final RateLimitFilter strangers;
    private final CurrentVertxRequest current;

    BackchannelLogoutResource(
            LogoutTokens tokens,
            SessionService sessions,
            SignInAudit audit,
            RateLimitFilter strangers,
            CurrentVertxRequest current) {
        this.tokens = tokens;
        this.sessions = sessions;
        this.audit = audit;
        this.strangers = strangers;
        this.current = current;
    }

    /** 200 also if there is no such session, which then has ended already. */
    @POST
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    public Response logout(@FormParam("logout_token") @Nullable String token) {
        RoutingContext context = current.getCurrent();
        if (!strangers.mayTry(context)) {
            throw new BerthException(
                    ErrorCode.RATE_LIMITED,
                    "too many requests without good credentials came from this address: try again in a minute");
        }
        try {
            tokens.accept(token, logout -> sessions.end(logout).forEach(audit::endedByProvider));
        } catch (BerthException e) {
            strangers.failed(context);
            audit.logoutRefused(e);
            throw e;
        }
        return Response.ok().header("Cache-Control", "no-store").build();
    }
}
