package io.berth.events.rest;

import io.berth.common.BerthException;
import io.berth.common.BerthException.FieldError;
import io.berth.common.ErrorCode;
import io.berth.events.EventFeed;
import io.berth.events.EventFilter;
import io.berth.tenants.TenantId;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.QueryParam;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.NullUnmarked;
import org.jspecify.annotations.Nullable;

/** The query parameters of events. */
@NullUnmarked
public class EventParameters {

    private static final int DEFAULT_LIMIT = 50;
    private static final int MAX_LIMIT = 200;

    @QueryParam("since")
    public String since;

    @QueryParam("limit")
    public Integer limit;

    @QueryParam("type")
    public List<String> types;

    @QueryParam("object")
    public List<String> objects;

    @HeaderParam("Last-Event-ID")
    public String lastEventId;

    EventFilter filter(@Nullable TenantId tenant) {
        return EventFilter.parse(tenant, types, objects);
    }

    int limit() {
        if (limit != null && (limit < 1 || limit > MAX_LIMIT)) {
            throw BerthException.invalidField("?limit", "must be 1 to " + MAX_LIMIT + ", not " + limit);
        }
        return limit == null ? DEFAULT_LIMIT : limit;
    }

    /** The position to continue after; {@code Last-Event-ID} wins, as browsers send it when they connect again. */
    long start(EventFeed feed, @Nullable TenantId tenant, String otherwise) {
        String from = lastEventId != null && !lastEventId.isEmpty() ? lastEventId : since == null ? otherwise : since;
        if (from.equals("now")) {
            return feed.now();
        }
        if (from.equals("oldest")) {
            return feed.oldest(tenant);
        }
        if (!from.matches("\\d{1,18}")) {
            String message = "must be the cursor of an event, 'oldest' or 'now'";
            throw new BerthException(
                    ErrorCode.INVALID_CURSOR,
                    "since: " + message,
                    List.of(new FieldError("?since", message)),
                    Map.of(),
                    null);
        }
        return Long.parseLong(from);
    }
}
