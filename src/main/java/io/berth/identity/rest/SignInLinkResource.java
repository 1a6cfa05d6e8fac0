package io.berth.identity.rest;

import io.berth.api.auth.Access;
import io.berth.api.auth.Principal;
import io.berth.api.http.SameOrigin;
import io.berth.api.idempotency.Idempotent;
import io.berth.api.idempotency.ShownOnce;
import io.berth.identity.SignInLinks;
import io.berth.identity.SignInLinks.SignInLink;
import io.berth.identity.User;
import io.berth.identity.UserService;
import io.smallrye.common.annotation.Blocking;
import io.vertx.core.http.HttpServerRequest;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Links that sign a user in once; made by administrators, for built-in users above all. */
@Path("/api/v1/signin-links")
@Produces(MediaType.APPLICATION_JSON)
@Blocking
public class SignInLinkResource {

    private final SignInLinks links;
    private final UserService users;
    private final Access access;

    SignInLinkResource(SignInLinks links, UserService users, Access access) {
        this.links = links;
        this.users = users;
        this.access = access;
    }

    /** @param user id or name */
    public record LinkRequest(@NotNull String user) {}

    /** @param url absent when a request is repeated */
    public record LinkView(String user, @Nullable String url, Instant expiresAt) implements ShownOnce {
        @Override
        public LinkView withoutSecret() {
            return new LinkView(user, null, expiresAt);
        }
    }

    @POST
    @Idempotent
    @Consumes(MediaType.APPLICATION_JSON)
    public Response create(@Valid @NotNull LinkRequest request, @Context HttpServerRequest http) {
        Principal by = access.requireAdmin();
        User user = users.get(request.user());
        SignInLink link = links.create(user, by.subject().id());
        String url = http.scheme() + "://" + SameOrigin.host(http) + link.path();
        return Response.status(Response.Status.CREATED)
                .header("Cache-Control", "no-store")
                .entity(new LinkView(user.id(), url, link.expiresAt()))
                .build();
    }
}
