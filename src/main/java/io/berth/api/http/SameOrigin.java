package io.berth.api.http;

import io.vertx.core.http.HttpServerRequest;
import java.util.List;

/**
 * Tells requests that a page of this server has made from those that a page of another site has.
 *
 * @see <a href="https://www.w3.org/TR/fetch-metadata/">Fetch Metadata</a>
 */
public final class SameOrigin {

    private static final Origins NO_OTHERS = new Origins(List.of());

    private SameOrigin() {}

    /** Whether it is not another site's. Programs, which say neither, are no pages. */
    public static boolean isFromOwnPage(HttpServerRequest request) {
        String site = request.getHeader("Sec-Fetch-Site");
        if (site != null && !site.equals("same-origin") && !site.equals("none")) {
            return false;
        }
        return NO_OTHERS.allows(request.getHeader("Origin"), host(request));
    }

    /** Host and port as the client sees them, also behind a trusted proxy. */
    public static String host(HttpServerRequest request) {
        String host = request.host();
        return host == null ? "" : host;
    }
}
