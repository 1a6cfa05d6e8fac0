package io.berth.api.body;

import io.berth.api.http.FilterOrder;
import io.berth.api.problem.ProblemWriter;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Receives bodies on the event loop, before a request gets a thread: read by its resource, each that comes slowly or not at all
 * would hold a thread of a few hundred, and a stranger with as many sockets the whole server. Files and archives are streamed to
 * their resources instead, which are few at a time and hold their clients to a rate ({@link SteadyInput}).
 */
@ApplicationScoped
public class BodyFilter {

    /** The most that is received, of JSON and forms alike. */
    public static final int MOST_BYTES = 1 << 20;

    private static final Set<String> BODILESS = Set.of("GET", "HEAD", "OPTIONS", "TRACE", "CONNECT");
    private static final Pattern STREAMED =
            Pattern.compile("/api/v1/tenants/[^/;]+/(?:images/import|containers/[^/;]+/(?:files/content|archive))");

    private final BodyConfig config;
    private final ProblemWriter problems;
    private final HeldBodies bodies;

    BodyFilter(BodyConfig config, ProblemWriter problems) {
        this.config = config;
        this.problems = problems;
        this.bodies = new HeldBodies(config.memory().asLongValue(), config.perAddress());
    }

    void register(@Observes Filters filters) {
        filters.register(this::receive, FilterOrder.BODY);
    }

    private void receive(RoutingContext context) {
        String method = context.request().method().name();
        if (BODILESS.contains(method) || isStreamed(method, context.normalizedPath())) {
            context.next();
        } else {
            new ArrivingBody(context, bodies, problems, config.timeout()).receive();
        }
    }

    static boolean isStreamed(String method, String path) {
        return method.equals("PUT") && STREAMED.matcher(path).matches();
    }
}
