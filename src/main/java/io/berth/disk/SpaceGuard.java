package io.berth.disk;

import io.berth.api.http.FilterOrder;
import io.berth.api.problem.Problem;
import io.berth.api.problem.ProblemWriter;
import io.berth.common.BerthException;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Refuses requests that make something while the disk is nearly full, and makes a little room for those that end something when it is
 * full. Execs go on: they can remove files.
 */
@ApplicationScoped
class SpaceGuard {

    private static final Set<String> READING = Set.of("GET", "HEAD", "OPTIONS", "TRACE");
    private static final Pattern MAKES = Pattern.compile("POST /api/v1/(tenants|tokens|users)"
            + "|POST /api/v1/tenants/[^/]+/(containers|images|tokens|webhooks)"
            + "|POST /api/v1/tenants/[^/]+/containers/[^/]+/(start|restart|files/directories)"
            + "|PUT /api/v1/tenants/[^/]+/(images/import|containers/[^/]+/(files/content|archive))");

    private final DiskSpace space;
    private final ProblemWriter problems;

    SpaceGuard(DiskSpace space, ProblemWriter problems) {
        this.space = space;
        this.problems = problems;
    }

    void register(@Observes Filters filters) {
        filters.register(this::check, FilterOrder.DISK_SPACE);
    }

    private void check(RoutingContext context) {
        String method = context.request().method().name();
        String path = context.normalizedPath();
        if (READING.contains(method) || !path.startsWith("/api/") || !space.isLow()) {
            context.next();
        } else if (makes(method, path)) {
            try {
                space.requireRoom();
                context.next();
            } catch (BerthException full) {
                problems.write(context, Problem.of(full));
            }
        } else {
            context.vertx()
                    .executeBlocking(
                            () -> {
                                space.makeRoom();
                                return true;
                            },
                            false)
                    .onComplete(done -> context.next());
        }
    }

    static boolean makes(String method, String path) {
        return MAKES.matcher(method + " " + path).matches();
    }
}
