package io.berth.containers.rest;

import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.regex.Pattern;

/**
 * A client that does not care how it gets a log, such as curl, gets plain text. JAX-RS leaves the choice among formats
 * that are equally welcome to chance.
 */
@ApplicationScoped
public class PlainLogs {

    private static final Pattern LOGS = Pattern.compile("/api/v1/tenants/[^/]+/containers/[^/]+/logs/?");
    private static final int BEFORE_RESOURCES = 10;

    void register(@Observes Filters filters) {
        filters.register(this::prefer, BEFORE_RESOURCES);
    }

    private void prefer(RoutingContext context) {
        String accept = context.request().getHeader(HttpHeaders.ACCEPT);
        if ((accept == null || accept.isBlank() || accept.strip().equals("*/*"))
                && LOGS.matcher(context.request().path()).matches()) {
            context.request().headers().set(HttpHeaders.ACCEPT, "text/plain");
        }
        context.next();
    }
}
