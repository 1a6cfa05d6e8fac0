package io.berth.api.idempotency;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.berth.api.auth.Access;
import io.berth.api.auth.Permission;
import io.berth.api.body.BodyFilter;
import io.berth.api.http.FilterOrder;
import io.berth.common.BerthException;
import io.berth.common.ErrorCode;
import io.quarkus.runtime.BlockingOperationControl;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import jakarta.annotation.Priority;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.Provider;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Makes a repeated request answer what the first one answered. Only answers of requests that succeeded are kept: one that was
 * refused changed nothing, and its key may be used again. A key is its subject's own: nobody is answered what another was.
 */
@Provider
@Idempotent
@Priority(FilterOrder.IDEMPOTENCY)
class IdempotencyFilter implements ContainerRequestFilter, ContainerResponseFilter {

    static final String HEADER = Idempotent.KEY;
    static final String REPLAYED = "Idempotency-Replayed";

    private static final Logger LOG = Logger.getLogger(IdempotencyFilter.class);
    private static final String PROPERTY = "berth.idempotency";
    private static final Pattern KEY = Pattern.compile("[\\x21-\\x7e]{1,255}");
    private static final List<String> KEPT_HEADERS = List.of("Location", "ETag", "Content-Type");
    private static final int MAX_KEPT_BODY = 4 << 20;

    private final IdempotencyStore store;
    private final Access access;
    private final NewIds ids;
    private final ObjectMapper mapper;

    private record Used(IdempotencyStore.Key key) {}

    IdempotencyFilter(IdempotencyStore store, Access access, NewIds ids, ObjectMapper mapper) {
        this.store = store;
        this.access = access;
        this.ids = ids;
        this.mapper = mapper;
    }

    @Override
    public void filter(ContainerRequestContext request) throws IOException {
        String key = request.getHeaderString(HEADER);
        if (key == null) {
            return;
        }
        if (!KEY.matcher(key).matches()) {
            throw new BerthException(
                    ErrorCode.BAD_REQUEST, HEADER + " must be 1 to 255 visible ASCII characters without spaces");
        }
        IdempotencyStore.Key used = new IdempotencyStore.Key(
                tenant(request.getUriInfo().getPathParameters().getFirst("tenant")),
                access.principal().subject().id(),
                key);
        byte[] body = request.getEntityStream().readNBytes(BodyFilter.MOST_BYTES + 1);
        request.setEntityStream(new ByteArrayInputStream(body));
        Claim claim = store.claim(used, hash(request, body), ids.unique());
        if (claim instanceof Claim.First) {
            request.setProperty(PROPERTY, new Used(used));
        } else if (claim instanceof Claim.Replay replay) {
            request.abortWith(replay(replay.answer()));
        } else if (claim instanceof Claim.InFlight) {
            throw new BerthException(
                    ErrorCode.IDEMPOTENCY_IN_FLIGHT,
                    "the first request with this " + HEADER + " has not ended yet: try again in a moment");
        } else {
            throw new BerthException(
                    ErrorCode.IDEMPOTENCY_MISMATCH,
                    "this " + HEADER + " was used for another request within the last 24 hours: take a new one");
        }
    }

    private String tenant(@Nullable String name) {
        return name == null ? "" : access.require(name, Permission.TENANT_READ).value();
    }

    @Override
    public void filter(ContainerRequestContext request, ContainerResponseContext response) {
        if (!(request.getProperty(PROPERTY) instanceof Used used)) {
            return;
        }
        Runnable keep = keeping(used, response);
        if (BlockingOperationControl.isBlockingAllowed()) {
            keep.run();
        } else {
            Infrastructure.getDefaultWorkerPool().execute(keep);
        }
    }

    private Runnable keeping(Used used, ContainerResponseContext response) {
        if (response.getStatus() / 100 != 2) {
            return () -> store.release(used.key());
        }
        byte[] body = bytes(response.getEntity());
        if (body.length > MAX_KEPT_BODY) {
            LOG.debugf("answer of %d bytes is too large to be kept for %s", body.length, HEADER);
            return () -> store.release(used.key());
        }
        Map<String, String> headers = new LinkedHashMap<>();
        for (String name : KEPT_HEADERS) {
            String value = response.getHeaderString(name);
            if (value != null) {
                headers.put(name, value);
            }
        }
        if (body.length > 0) {
            headers.putIfAbsent("Content-Type", MediaType.APPLICATION_JSON);
        }
        Claim.Answer answer = new Claim.Answer(response.getStatus(), headers, body);
        return () -> store.complete(used.key(), answer);
    }

    private byte[] bytes(@Nullable Object entity) {
        try {
            Object kept = entity instanceof ShownOnce once ? once.withoutSecret() : entity;
            return kept == null ? new byte[0] : mapper.writeValueAsBytes(kept);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("an answer can always be written", e);
        }
    }

    private static Response replay(Claim.Answer answer) {
        Response.ResponseBuilder response = Response.status(answer.status());
        answer.headers().forEach(response::header);
        String location = answer.headers().get("Location");
        if (location != null) {
            response.location(URI.create(location));
        }
        response.header(REPLAYED, "true");
        return answer.body().length == 0
                ? response.build()
                : response.entity(answer.body()).build();
    }

    private static byte[] hash(ContainerRequestContext request, byte[] body) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            String line = request.getMethod() + " "
                    + request.getUriInfo().getRequestUri().getRawPath() + "?"
                    + request.getUriInfo().getRequestUri().getRawQuery() + "\n";
            digest.update(line.getBytes(StandardCharsets.UTF_8));
            return digest.digest(body);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
