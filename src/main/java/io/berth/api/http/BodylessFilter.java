package io.berth.api.http;

import io.berth.common.BerthException;
import io.berth.common.ErrorCode;
import jakarta.annotation.Priority;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.ext.Provider;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/** Refuses bodies that would be ignored. Clients that always send an empty object may. */
@Provider
@Bodyless
@Priority(FilterOrder.BODYLESS)
class BodylessFilter implements ContainerRequestFilter {

    private static final Set<String> EMPTY = Set.of("", "{}", "null");
    private static final int MOST = 1024;

    @Override
    public void filter(ContainerRequestContext request) throws IOException {
        String body = new String(request.getEntityStream().readNBytes(MOST), StandardCharsets.UTF_8);
        if (!EMPTY.contains(body.replaceAll("\\s", ""))) {
            throw new BerthException(
                    ErrorCode.BAD_REQUEST,
                    "this takes no body: what there is to say goes into the query, as in '…/stop?timeout=2'");
        }
    }
}
