package io.berth.api.http;

import io.vertx.ext.web.RoutingContext;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** What a resource says of the request it serves, for the audit: such as the path of a file. */
public final class RequestDetails {

    private static final String KEY = "berth.request-details";

    private RequestDetails() {}

    /** Adds to what is said; once for each name. No secrets. */
    public static void add(RoutingContext context, String name, String value) {
        Map<String, String> details = context.get(KEY);
        if (details == null) {
            details = new ConcurrentHashMap<>();
            context.put(KEY, details);
        }
        details.put(name, value);
    }

    /** All of it. */
    public static Map<String, String> of(RoutingContext context) {
        Map<String, String> details = context.get(KEY);
        return details == null ? Map.of() : Map.copyOf(details);
    }
}
