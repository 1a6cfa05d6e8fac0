package io.berth.identity.rest;

import io.berth.api.auth.Access;
import io.berth.api.auth.Principal;
import io.berth.api.idempotency.Idempotent;
import io.berth.api.paging.PageRequest;
import io.berth.api.paging.Pages;
import io.berth.identity.User;
import io.berth.identity.UserService;
import io.berth.identity.rest.UserViews.UserView;
import io.smallrye.common.annotation.Blocking;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/** Users, for administrators. Those of an identity provider appear at their first sign-in. */
@Path("/api/v1/users")
@Produces(MediaType.APPLICATION_JSON)
@Blocking
public class UserResource {

    private static final String PRINTABLE = "\\P{Cntrl}+";

    private final UserService users;
    private final Access access;

    UserResource(UserService users, Access access) {
        this.users = users;
        this.access = access;
    }

    /** A built-in user to be made. */
    public record NewUser(
            @NotNull
            @Pattern(
                    regexp = "[a-z0-9][a-z0-9._@-]{0,62}",
                    message = "must be 1 to 63 of a-z, 0-9, '.', '_', '@', '-', beginning with a letter or digit")
            String name,

            @Nullable @Size(max = 100) @Pattern(regexp = PRINTABLE)
            String displayName,

            @Nullable @Size(max = 254) @Pattern(regexp = "[^\\s@]+@[^\\s@]+", message = "must be an address")
            String email,

            @Nullable Boolean admin) {}

    /** A JSON merge patch. */
    public record UserPatch(
            @Nullable @Size(max = 100) @Pattern(regexp = PRINTABLE)
            String displayName,

            @Nullable Boolean admin,
            @Nullable Boolean disabled) {}

    @GET
    public Response list(
            @QueryParam("q") @DefaultValue("") @Size(max = 255) String text,
            @QueryParam("cursor") @Nullable String cursor,
            @QueryParam("limit") @Nullable Integer limit,
            @Context UriInfo uri) {
        access.requireAdmin();
        return Pages.respond(users.list(text, PageRequest.of(cursor, limit)).map(UserViews::of), uri);
    }

    @POST
    @Idempotent
    @Consumes(MediaType.APPLICATION_JSON)
    public Response create(@Valid @NotNull NewUser request) {
        access.requireAdmin();
        User user = users.create(
                request.name(), request.displayName(), request.email(), Boolean.TRUE.equals(request.admin()));
        return Response.created(URI.create("/api/v1/users/" + user.id()))
                .entity(UserViews.of(user))
                .build();
    }

    @GET
    @Path("{user}")
    public UserView get(@PathParam("user") String idOrName) {
        access.requireAdmin();
        User user = users.get(idOrName);
        return UserViews.of(user, users.memberships(user));
    }

    @PATCH
    @Path("{user}")
    @Consumes({"application/merge-patch+json", MediaType.APPLICATION_JSON})
    public UserView change(@PathParam("user") String idOrName, @Valid @NotNull UserPatch patch) {
        Principal by = access.requireAdmin();
        User user = users.change(by, idOrName, patch.displayName(), patch.admin(), patch.disabled());
        return UserViews.of(user, users.memberships(user));
    }
}
