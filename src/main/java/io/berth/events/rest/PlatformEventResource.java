package io.berth.events.rest;

import io.berth.api.auth.Access;
import io.berth.events.EventFeed;
import io.smallrye.common.annotation.Blocking;
import io.smallrye.mutiny.Multi;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;

/** What happens in all tenants, for administrators of the platform. */
@Path("/api/v1/events")
@Blocking
public class PlatformEventResource {

    private final EventAnswers answers;
    private final Access access;

    PlatformEventResource(EventAnswers answers, Access access) {
        this.answers = answers;
        this.access = access;
    }

    @GET
    @Produces(MediaType.APPLICATION_JSON)
    public EventFeed.Page page(@BeanParam EventParameters parameters) {
        access.requireAdmin();
        return answers.page(null, parameters);
    }

    @GET
    @Produces(MediaType.SERVER_SENT_EVENTS)
    public Multi<OutboundSseEvent> stream(
            @BeanParam EventParameters parameters, @Context RoutingContext request, @Context Sse sse) {
        access.requireAdmin();
        return answers.stream(null, parameters, request, sse);
    }
}
