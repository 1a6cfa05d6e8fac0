package io.berth.webhooks.rest;

import io.berth.api.auth.Access;
import io.berth.api.auth.Permission;
import io.berth.api.paging.Page;
import io.berth.api.paging.PageRequest;
import io.berth.api.paging.Pages;
import io.berth.common.BerthException;
import io.berth.tenants.TenantId;
import io.berth.webhooks.Delivery;
import io.berth.webhooks.WebhookService;
import io.smallrye.common.annotation.Blocking;
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
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What became of a webhook's deliveries. */
@Path("/api/v1/tenants/{tenant}/webhooks/{webhook}")
@Produces(MediaType.APPLICATION_JSON)
@Blocking
public class DeliveryResource {

    private final WebhookService webhooks;
    private final Access access;

    DeliveryResource(WebhookService webhooks, Access access) {
        this.webhooks = webhooks;
        this.access = access;
    }

    @POST
    @Path("ping")
    public Response ping(@PathParam("tenant") String tenantName, @PathParam("webhook") String webhook) {
        TenantId tenant = access.require(tenantName, Permission.WEBHOOKS_WRITE);
        return Response.accepted(webhooks.ping(tenant, webhook)).build();
    }

    @GET
    @Path("deliveries")
    public Response list(
            @PathParam("tenant") String tenantName,
            @PathParam("webhook") String webhook,
            @QueryParam("status") @Nullable String status,
            @QueryParam("cursor") @Nullable String cursor,
            @QueryParam("limit") @Nullable Integer limit,
            @Context UriInfo uri) {
        TenantId tenant = access.require(tenantName, Permission.WEBHOOKS_READ);
        PageRequest page = PageRequest.of(cursor, limit);
        return Pages.respond(
                Page.of(
                        webhooks.deliveries(tenant, webhook, parse(status), page.after(), page.limit() + 1),
                        page,
                        Delivery::id),
                uri);
    }

    @GET
    @Path("deliveries/{delivery}")
    public Delivery get(
            @PathParam("tenant") String tenantName,
            @PathParam("webhook") String webhook,
            @PathParam("delivery") String delivery) {
        TenantId tenant = access.require(tenantName, Permission.WEBHOOKS_READ);
        return webhooks.getDelivery(tenant, webhook, delivery);
    }

    @POST
    @Path("deliveries/{delivery}/redeliver")
    public Response redeliver(
            @PathParam("tenant") String tenantName,
            @PathParam("webhook") String webhook,
            @PathParam("delivery") String delivery) {
        TenantId tenant = access.require(tenantName, Permission.WEBHOOKS_WRITE);
        return Response.accepted(webhooks.redeliver(tenant, webhook, delivery)).build();
    }

    private static Delivery.@Nullable Status parse(@Nullable String status) {
        try {
            return status == null ? null : Delivery.Status.valueOf(status.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw BerthException.invalidField("?status", "must be pending, succeeded or failed");
        }
    }
}
