package io.berth.identity.rest;

import io.berth.api.auth.Access;
import io.berth.api.auth.Principal;
import io.berth.api.idempotency.Idempotent;
import io.berth.api.paging.PageRequest;
import io.berth.api.paging.Pages;
import io.berth.common.BerthException;
import io.berth.identity.TokenService;
import io.smallrye.common.annotation.Blocking;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
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
import java.time.Clock;
import org.jspecify.annotations.Nullable;

/** API tokens of the platform, for administrators. */
@Path("/api/v1/tokens")
@Produces(MediaType.APPLICATION_JSON)
@Blocking
public class PlatformTokenResource {

    private final TokenService tokens;
    private final Access access;
    private final Clock clock;

    PlatformTokenResource(TokenService tokens, Access access, Clock clock) {
        this.tokens = tokens;
        this.access = access;
        this.clock = clock;
    }

    @GET
    public Response list(
            @QueryParam("cursor") @Nullable String cursor,
            @QueryParam("limit") @Nullable Integer limit,
            @Context UriInfo uri) {
        return Pages.respond(
                tokens.list(access.requireAdmin(), null, PageRequest.of(cursor, limit))
                        .map(TokenView::of),
                uri);
    }

    @POST
    @Idempotent
    @Consumes(MediaType.APPLICATION_JSON)
    public Response create(@Valid @NotNull TokenRequest request) {
        Principal maker = access.requireAdmin();
        if (request.role() != null) {
            throw BerthException.invalidField(
                    "/role",
                    "a token of the platform owns every tenant: narrow it by 'scopes', or make one of a tenant");
        }
        TokenView made = TokenView.of(tokens.create(maker, null, request.parse(clock)));
        return Response.created(URI.create("/api/v1/tokens/" + made.id()))
                .header("Cache-Control", "no-store")
                .entity(made)
                .build();
    }

    @GET
    @Path("{id}")
    public TokenView get(@PathParam("id") String id) {
        return TokenView.of(tokens.get(access.requireAdmin(), null, id));
    }

    @DELETE
    @Path("{id}")
    public void revoke(@PathParam("id") String id) {
        tokens.revoke(access.requireAdmin(), null, id);
    }
}
