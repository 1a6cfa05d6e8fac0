package io.berth.api.problem;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.berth.common.BerthException;
import io.berth.common.ErrorCode;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.WebApplicationException;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Says what the REST layer's own refusals mean. */
final class WebFailures {

    private static final Logger LOG = Logger.getLogger(WebFailures.class);

    private WebFailures() {}

    static BerthException translate(WebApplicationException failure) {
        for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof BerthException known) {
                return known;
            }
            if (cause instanceof JsonProcessingException json) {
                return JsonFailures.translate(json);
            }
        }
        if (failure instanceof NotFoundException && failure.getCause() instanceof IllegalArgumentException) {
            // what JAX-RS makes of a parameter that is no number
            return new BerthException(
                    ErrorCode.BAD_REQUEST,
                    "a parameter of the query or the path is no number where one is expected",
                    failure);
        }
        return byStatus(failure.getResponse().getStatus(), failure);
    }

    static BerthException byStatus(int status, @Nullable Throwable cause) {
        return switch (status) {
            case 401 -> new BerthException(ErrorCode.UNAUTHENTICATED, "this needs an API token", cause);
            case 403 -> new BerthException(ErrorCode.FORBIDDEN, "this is not allowed", cause);
            case 404 ->
                new BerthException(
                        ErrorCode.NOT_FOUND, "there is nothing at this path, or a parameter in it is malformed", cause);
            case 405 ->
                new BerthException(ErrorCode.METHOD_NOT_ALLOWED, "this path does not know the request's method", cause);
            case 406 ->
                new BerthException(
                        ErrorCode.NOT_ACCEPTABLE, "none of the media types in 'Accept' can be had here", cause);
            case 413 -> new BerthException(ErrorCode.TOO_LARGE, "the body is too large", cause);
            case 415 ->
                new BerthException(
                        ErrorCode.UNSUPPORTED_MEDIA_TYPE, "the body's 'Content-Type' is not understood here", cause);
            default -> other(status, cause);
        };
    }

    private static BerthException other(int status, @Nullable Throwable cause) {
        if (status >= 400 && status < 500) {
            return new BerthException(ErrorCode.BAD_REQUEST, "the request cannot be understood", cause);
        }
        LOG.error("unexpected failure", cause);
        return new BerthException(
                ErrorCode.INTERNAL,
                "something failed inside Berth; the server's log tells more under this request id",
                cause);
    }
}
