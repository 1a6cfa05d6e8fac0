package io.berth.api.ratelimit;

import io.berth.api.auth.Principal;
import io.berth.api.auth.RequestAuthentication;
import io.berth.api.http.FilterOrder;
import io.berth.api.problem.Problem;
import io.berth.api.problem.ProblemWriter;
import io.berth.api.ratelimit.RequestLimits.Standing;
import io.berth.common.ErrorCode;
import io.berth.tenants.TenantId;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.quarkus.vertx.http.runtime.security.QuarkusHttpUser;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Applies {@link RequestLimits} to requests: before authentication to addresses that only fail at it, after it to who it was.
 * Streams are counted where they are opened, since their refusals are close codes.
 *
 * @see <a href="https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/">RateLimit header fields for HTTP</a>
 */
@ApplicationScoped
public class RateLimitFilter {

    private static final String TENANTS = "/api/v1/tenants/";
    private static final String FINGERPRINT = "berth.credential-fingerprint";
    private static final String REFUSED = "berth.rate-limited";

    private final RequestLimits limits;
    private final ProblemWriter problems;

    RateLimitFilter(RequestLimits limits, ProblemWriter problems) {
        this.limits = limits;
        this.problems = problems;
    }

    void register(@Observes Filters filters) {
        filters.register(this::beforeAuthentication, FilterOrder.STRANGERS);
        filters.register(this::afterAuthentication, FilterOrder.FAILED_AUTHENTICATION);
        filters.register(this::count, FilterOrder.RATE_LIMIT);
    }

    private void beforeAuthentication(RoutingContext context) {
        if (!isApi(context)) {
            context.next();
            return;
        }
        long fingerprint = Credential.fingerprint(context.request());
        context.put(FINGERPRINT, fingerprint);
        if (limits.mayTry(Credential.address(context.request()), fingerprint)) {
            context.next();
        } else if (RequestAuthentication.isStream(context)) {
            context.put(REFUSED, true);
            context.next();
        } else {
            refuseStranger(context, 1);
        }
    }

    private void afterAuthentication(RoutingContext context) {
        if (!isApi(context) || RequestAuthentication.isStream(context)) {
            context.next();
        } else if (principal(context) != null) {
            succeeded(context);
            context.next();
        } else {
            Buckets.State state = limits.failed(Credential.address(context.request()));
            if (state.granted()) {
                context.next();
            } else {
                refuseStranger(context, RequestLimits.seconds(state.nanosToNext()));
            }
        }
    }

    private void count(RoutingContext context) {
        Principal principal = principal(context);
        if (!isApi(context) || principal == null) {
            context.next();
            return;
        }
        List<Standing> standings = limits.take(principal, tenant(context.normalizedPath()));
        context.response()
                .putHeader("RateLimit-Policy", join(standings, RateLimitFilter::policy))
                .putHeader("RateLimit", join(standings, RateLimitFilter::standing));
        for (Standing standing : standings) {
            if (!standing.state().granted()) {
                context.response()
                        .putHeader(
                                "Retry-After",
                                Long.toString(
                                        RequestLimits.seconds(standing.state().nanosToNext())));
                problems.write(context, Problem.of(ErrorCode.RATE_LIMITED, RequestLimits.detail(standing)));
                return;
            }
        }
        context.next();
    }

    /** Whether the upgrade to a stream comes from an address that has failed too often. */
    public static boolean isRefused(RoutingContext context) {
        return context.get(REFUSED) != null;
    }

    /** To be called when a stream, or what {@link #mayTry} was asked for, was refused for want of good credentials. */
    public void failed(RoutingContext context) {
        Buckets.State unused = limits.failed(Credential.address(context.request()));
    }

    /** To be called when a stream was opened. */
    public void succeeded(RoutingContext context) {
        Long fingerprint = context.get(FINGERPRINT);
        if (fingerprint != null) {
            limits.succeeded(fingerprint);
        }
    }

    private void refuseStranger(RoutingContext context, long seconds) {
        context.response().putHeader("Retry-After", Long.toString(seconds));
        problems.write(
                context,
                Problem.of(
                        ErrorCode.RATE_LIMITED,
                        "too many requests without good credentials came from this address: send a good token, or try"
                                + " again in " + seconds + " s"));
    }

    /** Whether an address may show credentials that are none of a request's, such as a token in its body. Repeatable. */
    public boolean mayTry(RoutingContext context) {
        return limits.mayTry(Credential.address(context.request()), Credential.NONE);
    }

    private static boolean isApi(RoutingContext context) {
        return context.normalizedPath().startsWith("/api/");
    }

    private static @Nullable Principal principal(RoutingContext context) {
        return context.user() instanceof QuarkusHttpUser user
                        && user.getSecurityIdentity().getPrincipal() instanceof Principal principal
                ? principal
                : null;
    }

    static @Nullable TenantId tenant(String path) {
        if (!path.startsWith(TENANTS)) {
            return null;
        }
        int end = path.indexOf('/', TENANTS.length());
        String name = end < 0 ? path.substring(TENANTS.length()) : path.substring(TENANTS.length(), end);
        return TenantId.isValid(name) ? new TenantId(name) : null;
    }

    private static String policy(Standing standing) {
        return "\"" + standing.policy() + "\";q=" + standing.perMinute() + ";w=60";
    }

    private static String standing(Standing standing) {
        return "\"" + standing.policy() + "\";r=" + standing.state().remaining() + ";t="
                + RequestLimits.seconds(standing.state().nanosToFull());
    }

    private static String join(List<Standing> standings, java.util.function.Function<Standing, String> form) {
        return standings.stream().map(form).collect(Collectors.joining(", "));
    }
}
