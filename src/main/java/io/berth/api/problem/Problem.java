package io.berth.api.problem;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.berth.common.BerthException;
import io.berth.common.BerthException.FieldError;
import io.berth.common.ErrorCode;
import io.berth.common.Texts;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A problem document (RFC 9457).
 *
 * @param type {@code urn:berth:problem:<code>}
 * @param detail what went wrong this time, and the way out
 * @param instance path of the request
 * @param code stable name of the kind of problem
 * @param retryable whether the same request may succeed later
 * @param errors bad fields
 * @param extensions further members
 */
@JsonPropertyOrder({"type", "title", "status", "detail", "instance", "code", "requestId", "retryable", "errors"})
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Problem(
        String type,
        String title,
        int status,
        String detail,
        @Nullable String instance,
        String code,
        @Nullable String requestId,
        @JsonInclude boolean retryable,
        List<FieldError> errors,
        @JsonAnyGetter Map<String, Object> extensions) {

    public static final String MEDIA_TYPE = "application/problem+json";

    public static Problem of(ErrorCode code, String detail) {
        return of(code, detail, List.of(), Map.of());
    }

    public static Problem of(BerthException e) {
        String detail = e.getMessage() == null ? e.code().title() : e.getMessage();
        return of(e.code(), detail, e.errors(), e.extensions());
    }

    private static Problem of(ErrorCode code, String detail, List<FieldError> errors, Map<String, Object> extensions) {
        return new Problem(
                "urn:berth:problem:" + code.wireName(),
                code.title(),
                code.status(),
                Texts.printable(detail),
                null,
                code.wireName(),
                null,
                isRetryable(code),
                errors.stream()
                        .map(error ->
                                new FieldError(Texts.printable(error.pointer()), Texts.printable(error.message())))
                        .toList(),
                extensions);
    }

    /** The same problem, of that request. */
    public Problem of(String requestPath, String id) {
        return new Problem(type, title, status, detail, requestPath, code, id, retryable, errors, extensions);
    }

    private static boolean isRetryable(ErrorCode code) {
        return switch (code) {
            case IDEMPOTENCY_IN_FLIGHT,
                    RATE_LIMITED,
                    REQUEST_TIMEOUT,
                    UNAVAILABLE,
                    REGISTRY_FAILED,
                    DEADLINE_EXCEEDED,
                    NO_SPACE -> true;
            default -> false;
        };
    }
}
