package io.berth.api.auth;

import io.berth.api.http.FilterOrder;
import io.berth.api.problem.Problem;
import io.berth.api.problem.ProblemWriter;
import io.berth.common.ErrorCode;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

/**
 * Refuses anonymous requests to the API, whatever serves them and whether or not there is anything at that path. Streams are let
 * pass: who serves them refuses by close codes.
 */
@ApplicationScoped
public class AuthenticationGuard {

    /** What a client is told to send. */
    public static final String CHALLENGE = "Bearer realm=\"berth\"";

    /** Who posts to it has no credentials yet, or none that are good. */
    private static final String SIGN_IN = "/api/v1/session";

    private final ProblemWriter problems;

    AuthenticationGuard(ProblemWriter problems) {
        this.problems = problems;
    }

    void register(@Observes Filters filters) {
        filters.register(this::check, FilterOrder.AUTHENTICATION_GUARD);
    }

    private static boolean isSignIn(RoutingContext context) {
        return context.request().method() == HttpMethod.POST
                && context.normalizedPath().equals(SIGN_IN);
    }

    private void check(RoutingContext context) {
        if (!context.normalizedPath().startsWith("/api/")
                || isSignIn(context)
                || RequestAuthentication.isStream(context)
                || RequestAuthentication.principal(context).isPresent()) {
            context.next();
            return;
        }
        Problem problem = RequestAuthentication.failure(context)
                .orElse(Problem.of(
                        ErrorCode.UNAUTHENTICATED, "send an API token: 'Authorization: Bearer berth_…', or sign in"));
        if (problem.status() == ErrorCode.UNAUTHENTICATED.status()) {
            context.response().putHeader("WWW-Authenticate", CHALLENGE);
        }
        problems.write(context, problem);
    }
}
