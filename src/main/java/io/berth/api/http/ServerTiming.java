package io.berth.api.http;

import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * Tells a known caller what stood around the work for its request: the header {@code Server-Timing} with milliseconds of
 * {@code authentication}, {@code limits} (the rate limits), {@code authorization} and, for changes, {@code audit}. A request
 * whose caller is not known is told nothing.
 *
 * @see <a href="https://www.w3.org/TR/server-timing/">Server Timing</a>
 */
@ApplicationScoped
public class ServerTiming {

    private static final String KEY = "berth.server-timing";
    private static final String HEADER = "Server-Timing";

    private final CurrentVertxRequest current;

    ServerTiming(CurrentVertxRequest current) {
        this.current = current;
    }

    void register(@Observes Filters filters) {
        filters.register(ServerTiming::arrived, FilterOrder.TIMING_START);
        filters.register(ServerTiming::authenticated, FilterOrder.TIMING_AUTHENTICATED);
        filters.register(ServerTiming::limited, FilterOrder.TIMING_LIMITED);
    }

    /** Adds to a phase of the current request; nothing outside of one. */
    public void add(String phase, long nanos) {
        RoutingContext context = current.getCurrent();
        if (context != null) {
            add(context, phase, nanos);
        }
    }

    /** Adds to a phase of a request, until its head is sent. */
    public static void add(RoutingContext context, String phase, long nanos) {
        Phases phases = context.get(KEY);
        if (phases != null) {
            phases.nanos.merge(phase, nanos, Long::sum);
        }
    }

    private static void arrived(RoutingContext context) {
        String path = context.request().path();
        if (path != null && path.startsWith("/api/")) {
            context.put(KEY, new Phases());
        }
        context.next();
    }

    /** Quarkus has found the identity, and the request is about to be refused if it found none. */
    private static void authenticated(RoutingContext context) {
        Phases phases = context.get(KEY);
        if (phases != null) {
            phases.end("authentication");
        }
        context.next();
    }

    /** What refuses a request without a known caller has let it pass. */
    private static void limited(RoutingContext context) {
        Phases phases = context.get(KEY);
        if (phases != null) {
            phases.end("limits");
            context.addHeadersEndHandler(head -> context.response().putHeader(HEADER, phases.header()));
        }
        context.next();
    }

    private static final class Phases {
        private final Map<String, Long> nanos = new ConcurrentHashMap<>();
        private volatile long last = System.nanoTime();

        void end(String phase) {
            long now = System.nanoTime();
            nanos.merge(phase, now - last, Long::sum);
            last = now;
        }

        String header() {
            return nanos.entrySet().stream()
                    .sorted(Map.Entry.comparingByKey())
                    .map(phase -> String.format(Locale.ROOT, "%s;dur=%.3f", phase.getKey(), phase.getValue() / 1e6))
                    .collect(Collectors.joining(", "));
        }
    }
}
