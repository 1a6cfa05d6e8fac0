package io.berth.identity.rest;

import io.berth.api.auth.Access;
import io.berth.api.auth.Principal;
import io.berth.api.auth.RequestAuthentication;
import io.berth.api.auth.Subject;
import io.berth.api.http.ClientAddress;
import io.berth.api.http.Identified;
import io.berth.api.http.SameOrigin;
import io.berth.common.BerthException;
import io.berth.common.ErrorCode;
import io.berth.identity.Authenticator;
import io.berth.identity.Session;
import io.berth.identity.SessionCookie;
import io.berth.identity.SessionService;
import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import io.smallrye.common.annotation.Blocking;
import io.vertx.core.http.HttpServerRequest;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Sessions of browsers: the present one, and all of the caller's. */
@Path("/api/v1")
@Produces(MediaType.APPLICATION_JSON)
@Blocking
public class SessionResource {

    private final SessionService sessions;
    private final Authenticator authenticator;
    private final Access access;
    private final ClientAddress addresses;
    private final CurrentVertxRequest current;

    SessionResource(
            SessionService sessions,
            Authenticator authenticator,
            Access access,
            ClientAddress addresses,
            CurrentVertxRequest current) {
        this.sessions = sessions;
        this.authenticator = authenticator;
        this.access = access;
        this.addresses = addresses;
        this.current = current;
    }

    /** What to sign in with. */
    public record SignIn(@NotNull String token) {}

    /** The present session; {@code csrfToken} goes into the header {@code X-CSRF-Token} of every change. */
    public record PresentSession(String id, Subject subject, String csrfToken, Instant expiresAt)
            implements Identified {
        @Override
        public String identity() {
            return id;
        }
    }

    /** A session in the list. */
    public record SessionView(
            String id,
            boolean present,
            Instant createdAt,
            Instant lastSeenAt,
            Instant expiresAt,
            @Nullable String sourceAddress,
            @Nullable String userAgent) {}

    /** The caller's sessions. */
    public record SessionList(List<SessionView> items) {}

    @GET
    @Path("session")
    public Response present(@Context HttpServerRequest http) {
        Principal principal = access.principal();
        return answer(
                Response.ok(), principal.subject(), sessions.get(principal, principal.credential()), cookie(http));
    }

    @POST
    @Path("session")
    @Consumes(MediaType.APPLICATION_JSON)
    public Response begin(@Valid @NotNull SignIn request, @Context HttpServerRequest http) {
        if (!SameOrigin.isFromOwnPage(http)) {
            throw new BerthException(ErrorCode.CROSS_SITE, "a page of another site cannot sign its visitor in");
        }
        Principal principal = authenticator
                .authenticate(request.token().strip())
                .orElseThrow(() ->
                        new BerthException(ErrorCode.UNAUTHENTICATED, "the token is unknown, expired or revoked"));
        SessionService.Begun begun = sessions.begin(principal, SignInOrigin.of(http, addresses));
        // for those who come after the answer, such as the audit
        RequestAuthentication.succeeded(current.getCurrent(), principal);
        SessionCookie.set(http, begun.cookie());
        return answer(Response.status(201), principal.subject(), begun.session(), begun.cookie());
    }

    @DELETE
    @Path("session")
    public void end(@Context HttpServerRequest http) {
        Principal principal = access.principal();
        sessions.end(principal, principal.credential());
        SessionCookie.clear(http);
    }

    @GET
    @Path("sessions")
    public SessionList list() {
        Principal principal = access.principal();
        return new SessionList(sessions.list(principal).stream()
                .map(session -> new SessionView(
                        session.id(),
                        session.id().equals(principal.credential()),
                        session.createdAt(),
                        session.lastSeenAt(),
                        session.expiresAt(),
                        session.sourceAddress(),
                        session.userAgent()))
                .toList());
    }

    @DELETE
    @Path("sessions/{id}")
    public void end(@PathParam("id") String id) {
        sessions.end(access.principal(), id);
    }

    private static Response answer(Response.ResponseBuilder response, Subject subject, Session session, String cookie) {
        return response.header("Cache-Control", "no-store")
                .entity(new PresentSession(
                        session.id(), subject, SessionService.csrfToken(cookie), session.expiresAt()))
                .build();
    }

    private static String cookie(HttpServerRequest http) {
        String cookie = SessionCookie.read(http);
        if (cookie == null) {
            throw new BerthException(ErrorCode.SESSION_NOT_FOUND, "this request came with a token, not with a session");
        }
        return cookie;
    }
}
