package io.berth.events.rest;

import io.berth.api.auth.Access;
import io.berth.api.auth.Permission;
import io.berth.events.EventFeed;
import io.smallrye.common.annotation.Blocking;
import io.smallrye.mutiny.Multi;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;

/** What happens in a tenant: as a stream that can be resumed, or as pages. */
@Path("/api/v1/tenants/{tenant}/events")
@Blocking
public class EventResource {

    private final EventAnswers answers;
    private final Access access;

    EventResource(EventAnswers answers, Access access) {
        this.answers = answers;
        this.access = access;
    }

    @GET
    @Produces(MediaType.APPLICATION_JSON)
    public EventFeed.Page page(@PathParam("tenant") String tenant, @BeanParam EventParameters parameters) {
        return answers.page(access.require(tenant, Permission.EVENTS_READ), parameters);
    }

    @GET
    @Produces(MediaType.SERVER_SENT_EVENTS)
    public Multi<OutboundSseEvent> stream(
            @PathParam("tenant") String tenant,
            @BeanParam EventParameters parameters,
            @Context RoutingContext request,
            @Context Sse sse) {
        return answers.stream(access.require(tenant, Permission.EVENTS_READ), parameters, request, sse);
    }
}
