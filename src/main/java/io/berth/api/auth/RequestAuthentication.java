package io.berth.api.auth;

import io.berth.api.problem.Problem;
import io.berth.common.ErrorCode;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;
import java.util.regex.Pattern;

/** What became of a request's authentication, kept beside it for {@link AuthenticationGuard}. */
public final class RequestAuthentication {

    private static final String PRINCIPAL = "berth.principal";
    private static final String FAILURE = "berth.authentication-failure";
    private static final Pattern STREAM =
            Pattern.compile("/api/v1/tenants/[^/]+/containers/[^/]+(?:/execs/[^/]+)?/attach");

    private RequestAuthentication() {}

    /** To be called by whoever found out the caller. */
    public static void succeeded(RoutingContext context, Principal principal) {
        context.put(PRINCIPAL, principal);
    }

    /** To be called if the credentials are no good. @param why in words for the client */
    public static void failed(RoutingContext context, String why) {
        failed(context, ErrorCode.UNAUTHENTICATED, why);
    }

    /** To be called if the request is refused whoever it comes from, or that cannot be found out. */
    public static void failed(RoutingContext context, ErrorCode code, String why) {
        context.put(FAILURE, Problem.of(code, why));
    }

    /** The caller; empty if it is nobody known. */
    public static Optional<Principal> principal(RoutingContext context) {
        return Optional.ofNullable(context.get(PRINCIPAL));
    }

    static Optional<Problem> failure(RoutingContext context) {
        return Optional.ofNullable(context.get(FAILURE));
    }

    /**
     * Whether this opens a stream: those authenticate for themselves, and answer with close codes. The same header on any
     * other path means nothing.
     */
    public static boolean isStream(RoutingContext context) {
        return context.request().method() == HttpMethod.GET
                && "websocket".equalsIgnoreCase(context.request().getHeader("Upgrade"))
                && STREAM.matcher(context.normalizedPath()).matches();
    }
}
