package io.berth.api.problem;

import io.berth.api.http.FilterOrder;
import io.berth.common.ErrorCode;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

/** Answers API paths that nothing serves, and failures of Vert.x routes, with problem documents. */
@ApplicationScoped
class LastResortRoutes {

    private final ProblemWriter problems;

    LastResortRoutes(ProblemWriter problems) {
        this.problems = problems;
    }

    void register(@Observes Router router) {
        router.route("/api/*")
                .order(FilterOrder.LAST_RESORT)
                .handler(context -> problems.write(
                        context, Problem.of(ErrorCode.NOT_FOUND, "there is nothing at " + context.normalizedPath())));
        router.route().order(FilterOrder.LAST_RESORT).failureHandler(this::failed);
    }

    private void failed(RoutingContext context) {
        Throwable failure = context.failure();
        if (failure != null && context.statusCode() == 500) {
            problems.write(context, Failures.toProblem(failure));
        } else {
            problems.write(context, Problem.of(WebFailures.byStatus(context.statusCode(), failure)));
        }
    }
}
