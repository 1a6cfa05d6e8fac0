package io.berth.api.paging;

import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;

/** Answers with a page and the {@code Link: <…>; rel="next"} header (RFC 8288). */
public final class Pages {

    private Pages() {}

    public static Response respond(Page<?> page, UriInfo uri) {
        Response.ResponseBuilder response = Response.ok(page);
        if (page.next() != null) {
            String target = uri.getRequestUriBuilder()
                    .scheme(null)
                    .host(null)
                    .port(-1)
                    .replaceQueryParam("cursor", page.next())
                    .build()
                    .toString();
            response.header("Link", "<" + target + ">; rel=\"next\"");
        }
        return response.build();
    }
}
