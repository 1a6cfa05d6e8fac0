package io.berth.tenancy.rest;

import com.fasterxml.jackson.databind.JsonNode;
import io.berth.api.auth.Access;
import io.berth.api.auth.Permission;
import io.berth.api.auth.Principal;
import io.berth.api.http.EntityTags;
import io.berth.api.idempotency.Idempotent;
import io.berth.api.json.MergePatch;
import io.berth.api.paging.PageRequest;
import io.berth.api.paging.Pages;
import io.berth.common.BerthException;
import io.berth.operations.Operation;
import io.berth.operations.rest.OperationView;
import io.berth.tenancy.TenantDeletion;
import io.berth.tenancy.TenantQuery;
import io.berth.tenancy.TenantService;
import io.berth.tenants.Tenant;
import io.berth.tenants.TenantId;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
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

/** Tenants: members see theirs, administrators of the platform make, suspend and delete them. */
@Path("/api/v1/tenants")
@Produces(MediaType.APPLICATION_JSON)
@Blocking
public class TenantResource {

    private static final int MAX_TEXT = 256;

    private final TenantService tenants;
    private final TenantDeletion deletion;
    private final Access access;

    TenantResource(TenantService tenants, TenantDeletion deletion, Access access) {
        this.tenants = tenants;
        this.deletion = deletion;
        this.access = access;
    }

    @GET
    public Response list(
            @QueryParam("cursor") @Nullable String cursor,
            @QueryParam("limit") @Nullable Integer limit,
            @QueryParam("q") @Nullable String text,
            @QueryParam("suspended") @Nullable String suspended,
            @Context UriInfo uri) {
        Principal caller = access.principal();
        TenantQuery query =
                new TenantQuery(caller.admin() ? null : caller.roles().keySet(), parseText(text), parseFlag(suspended));
        return Pages.respond(tenants.list(query, PageRequest.of(cursor, limit)).map(TenantView::of), uri);
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Idempotent
    public Response create(@Nullable NewTenant request) {
        access.requireAdmin();
        if (request == null) {
            throw BerthException.invalidField("", "a body is required: at least {\"name\": \"acme\"}");
        }
        Tenant tenant = tenants.create(request.id(), request.shownName());
        return Response.created(URI.create("/api/v1/tenants/" + tenant.id()))
                .tag(Long.toString(tenant.version()))
                .entity(TenantView.of(tenant))
                .build();
    }

    @GET
    @Path("{tenant}")
    public Response get(@PathParam("tenant") String tenantName) {
        TenantId tenant = access.require(tenantName, Permission.TENANT_READ);
        return tagged(tenants.get(tenant));
    }

    @PATCH
    @Path("{tenant}")
    @Consumes({MergePatch.MEDIA_TYPE, MediaType.APPLICATION_JSON})
    public Response patch(
            @PathParam("tenant") String tenantName,
            @HeaderParam("If-Match") @Nullable String ifMatch,
            @Nullable JsonNode body) {
        TenantId tenant = access.require(tenantName, Permission.TENANT_WRITE);
        TenantPatch patch = TenantPatch.of(body);
        if (patch.concernsSuspension()) {
            access.requireAdmin();
        }
        return tagged(tenants.change(tenant, present -> {
            EntityTags.requireMatch(ifMatch, present.version());
            return patch.apply(present);
        }));
    }

    @DELETE
    @Path("{tenant}")
    public Response delete(@PathParam("tenant") String tenantName) {
        TenantId tenant = access.require(tenantName, Permission.TENANT_WRITE);
        access.requireAdmin();
        Operation operation = deletion.begin(tenant);
        return Response.accepted(OperationView.of(operation))
                .location(URI.create(OperationView.path(operation.id())))
                .build();
    }

    private static Response tagged(Tenant tenant) {
        return Response.ok(TenantView.of(tenant))
                .tag(Long.toString(tenant.version()))
                .build();
    }

    private static @Nullable String parseText(@Nullable String text) {
        if (text != null && (text.length() > MAX_TEXT || text.indexOf('\0') >= 0)) {
            throw BerthException.invalidField("?q", "must be at most " + MAX_TEXT + " characters");
        }
        return text == null || text.isEmpty() ? null : text;
    }

    private static @Nullable Boolean parseFlag(@Nullable String text) {
        if (text == null) {
            return null;
        }
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw BerthException.invalidField("?suspended", "must be true or false");
        };
    }
}
