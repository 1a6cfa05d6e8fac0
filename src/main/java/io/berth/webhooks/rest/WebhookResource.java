package io.berth.webhooks.rest;

import com.fasterxml.jackson.databind.JsonNode;
import io.berth.api.auth.Access;
import io.berth.api.auth.Permission;
import io.berth.api.http.EntityTags;
import io.berth.api.idempotency.Idempotent;
import io.berth.api.json.MergePatch;
import io.berth.api.paging.Page;
import io.berth.api.paging.PageRequest;
import io.berth.api.paging.Pages;
import io.berth.common.BerthException;
import io.berth.tenants.TenantId;
import io.berth.webhooks.Webhook;
import io.berth.webhooks.WebhookEdit;
import io.berth.webhooks.WebhookService;
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

/** Webhooks: list, create, look at, edit, delete. */
@Path("/api/v1/tenants/{tenant}/webhooks")
@Produces(MediaType.APPLICATION_JSON)
@Blocking
public class WebhookResource {

    private final WebhookService webhooks;
    private final WebhookPatches patches;
    private final Access access;

    WebhookResource(WebhookService webhooks, WebhookPatches patches, Access access) {
        this.webhooks = webhooks;
        this.patches = patches;
        this.access = access;
    }

    @GET
    public Response list(
            @PathParam("tenant") String tenantName,
            @QueryParam("cursor") @Nullable String cursor,
            @QueryParam("limit") @Nullable Integer limit,
            @Context UriInfo uri) {
        TenantId tenant = access.require(tenantName, Permission.WEBHOOKS_READ);
        PageRequest page = PageRequest.of(cursor, limit);
        return Pages.respond(
                Page.of(webhooks.page(tenant, page.after(), page.limit() + 1), page, Webhook::id)
                        .map(WebhookView::of),
                uri);
    }

    @POST
    @Idempotent
    @Consumes(MediaType.APPLICATION_JSON)
    public Response create(@PathParam("tenant") String tenantName, @Nullable WebhookEdit body) {
        TenantId tenant = access.require(tenantName, Permission.WEBHOOKS_WRITE);
        if (body == null) {
            throw BerthException.invalidField(
                    "", "a body is required: at least {\"url\": \"https://example.com/hook\"}");
        }
        WebhookService.Shown made = webhooks.create(tenant, body);
        return Response.created(URI.create("/api/v1/tenants/" + tenant + "/webhooks/"
                        + made.webhook().id()))
                .tag(Long.toString(made.webhook().version()))
                .entity(WebhookView.of(made.webhook(), made.secret()))
                .build();
    }

    @GET
    @Path("{webhook}")
    public Response get(@PathParam("tenant") String tenantName, @PathParam("webhook") String id) {
        TenantId tenant = access.require(tenantName, Permission.WEBHOOKS_READ);
        Webhook webhook = webhooks.get(tenant, id);
        return Response.ok(WebhookView.of(webhook))
                .tag(Long.toString(webhook.version()))
                .build();
    }

    @PATCH
    @Path("{webhook}")
    @Consumes({MergePatch.MEDIA_TYPE, MediaType.APPLICATION_JSON})
    public Response patch(
            @PathParam("tenant") String tenantName,
            @PathParam("webhook") String id,
            @HeaderParam("If-Match") @Nullable String ifMatch,
            @Nullable JsonNode patch) {
        TenantId tenant = access.require(tenantName, Permission.WEBHOOKS_WRITE);
        WebhookService.Shown changed = webhooks.update(
                tenant,
                id,
                version -> EntityTags.requireMatch(ifMatch, version),
                change -> patches.apply(change, patch));
        return Response.ok(WebhookView.of(changed.webhook(), changed.secret()))
                .tag(Long.toString(changed.webhook().version()))
                .build();
    }

    @DELETE
    @Path("{webhook}")
    public void delete(@PathParam("tenant") String tenantName, @PathParam("webhook") String id) {
        TenantId tenant = access.require(tenantName, Permission.WEBHOOKS_WRITE);
        webhooks.delete(tenant, id);
    }
}
