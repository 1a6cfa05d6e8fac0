package io.berth.events.rest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.berth.events.Event;
import io.berth.events.EventFeed;
import io.berth.events.EventFilter;
import io.berth.events.EventStream;
import io.berth.tenants.TenantId;
import io.smallrye.mutiny.Multi;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import org.jspecify.annotations.Nullable;

/** Events as pages and as streams, of a tenant or ({@code null}) of all. */
@ApplicationScoped
class EventAnswers {

    private final EventFeed feed;
    private final ObjectMapper mapper;

    EventAnswers(EventFeed feed, ObjectMapper mapper) {
        this.feed = feed;
        this.mapper = mapper;
    }

    EventFeed.Page page(@Nullable TenantId tenant, EventParameters parameters) {
        EventFilter filter = parameters.filter(tenant);
        return feed.page(filter, parameters.start(feed, tenant, "oldest"), parameters.limit());
    }

    Multi<OutboundSseEvent> stream(
            @Nullable TenantId tenant, EventParameters parameters, RoutingContext request, Sse sse) {
        EventFilter filter = parameters.filter(tenant);
        EventStream stream = feed.open(
                filter,
                parameters.start(feed, tenant, "now"),
                () -> request.response().reset());
        // proxies must not wait for more
        request.response().putHeader("X-Accel-Buffering", "no").putHeader("Cache-Control", "no-store");
        return Multi.createFrom().publisher(stream).map(frame -> frame(frame, sse));
    }

    private OutboundSseEvent frame(EventStream.Frame frame, Sse sse) {
        OutboundSseEvent.Builder builder = sse.newEventBuilder().id(Long.toString(frame.cursor()));
        Event event = frame.event();
        if (event == null) {
            // without data it moves the client's cursor on and is not shown to it
            return builder.comment("alive").build();
        }
        // already JSON: as plain text nothing quotes it again
        return builder.name(event.type())
                .mediaType(MediaType.TEXT_PLAIN_TYPE)
                .data(write(event))
                .build();
    }

    private String write(Event event) {
        try {
            return mapper.writeValueAsString(event);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("event " + event.id() + " cannot be written", e);
        }
    }
}
