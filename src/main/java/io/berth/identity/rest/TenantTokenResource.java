package io.berth.identity.rest;

import io.berth.api.auth.Access;
import io.berth.api.auth.Permission;
import io.berth.api.idempotency.Idempotent;
import io.berth.api.paging.PageRequest;
import io.berth.api.paging.Pages;
import io.berth.identity.TokenService;
import io.berth.tenants.TenantId;
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

/** A tenant's API tokens. */
@Path("/api/v1/tenants/{tenant}/tokens")
@Produces(MediaType.APPLICATION_JSON)
@Blocking
public class TenantTokenResource {

    private final TokenService tokens;
    private final Access access;
    private final Clock clock;

    TenantTokenResource(TokenService tokens, Access access, Clock clock) {
        this.tokens = tokens;
        this.access = access;
        this.clock = clock;
    }

    @GET
    public Response list(
            @PathParam("tenant") String tenantName,
            @QueryParam("cursor") @Nullable String cursor,
            @QueryParam("limit") @Nullable Integer limit,
            @Context UriInfo uri) {
        TenantId tenant = access.require(tenantName, Permission.TOKENS_READ);
        return Pages.respond(
                tokens.list(access.principal(), tenant, PageRequest.of(cursor, limit))
                        .map(TokenView::of),
                uri);
    }

    @POST
    @Idempotent
    @Consumes(MediaType.APPLICATION_JSON)
    public Response create(@PathParam("tenant") String tenantName, @Valid @NotNull TokenRequest request) {
        TenantId tenant = access.require(tenantName, Permission.TOKENS_WRITE);
        TokenView made = TokenView.of(tokens.create(access.principal(), tenant, request.parse(clock)));
        return Response.created(URI.create("/api/v1/tenants/" + tenant + "/tokens/" + made.id()))
                .header("Cache-Control", "no-store")
                .entity(made)
                .build();
    }

    @GET
    @Path("{id}")
    public TokenView get(@PathParam("tenant") String tenantName, @PathParam("id") String id) {
        TenantId tenant = access.require(tenantName, Permission.TOKENS_READ);
        return TokenView.of(tokens.get(access.principal(), tenant, id));
    }

    @DELETE
    @Path("{id}")
    public void revoke(@PathParam("tenant") String tenantName, @PathParam("id") String id) {
        TenantId tenant = access.require(tenantName, Permission.TOKENS_WRITE);
        tokens.revoke(access.principal(), tenant, id);
    }
}
