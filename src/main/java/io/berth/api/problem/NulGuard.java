package io.berth.api.problem;

import io.berth.api.http.FilterOrder;
import io.berth.common.ErrorCode;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

/** Refuses a NUL in the path or the query: no name or id holds one, and neither the database nor the kernel takes one. */
@ApplicationScoped
class NulGuard {

    private static final String NUL = "%00";

    private final ProblemWriter problems;

    NulGuard(ProblemWriter problems) {
        this.problems = problems;
    }

    void register(@Observes Filters filters) {
        filters.register(this::check, FilterOrder.NUL_GUARD);
    }

    private void check(RoutingContext context) {
        String path = context.request().path();
        String query = context.request().query();
        if (path != null && path.contains(NUL)) {
            problems.write(context, Problem.of(ErrorCode.NOT_FOUND, "there is nothing at a path that holds a NUL"));
        } else if (query != null && query.contains(NUL)) {
            problems.write(context, Problem.of(ErrorCode.BAD_REQUEST, "a parameter of the query holds a NUL"));
        } else {
            context.next();
        }
    }
}
