package io.berth.common;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An expected failure with an answer for the client. The message names the thing, the value and the way out; it must
 * not hold host paths or secrets.
 */
public class BerthException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final ErrorCode code;
    private final transient List<FieldError> errors;
    private final transient Map<String, Object> extensions;

    /**
     * A bad field.
     *
     * @param pointer JSON pointer (RFC 6901) into the body, or {@code ?name} for a query parameter
     */
    public record FieldError(String pointer, String message) {}

    public BerthException(ErrorCode code, String message) {
        this(code, message, List.of(), Map.of(), null);
    }

    public BerthException(ErrorCode code, String message, @Nullable Throwable cause) {
        this(code, message, List.of(), Map.of(), cause);
    }

    /** @param extensions further members of the problem document, such as {@code quota} */
    public BerthException(
            ErrorCode code,
            String message,
            List<FieldError> errors,
            Map<String, Object> extensions,
            @Nullable Throwable cause) {
        super(message, cause);
        this.code = code;
        this.errors = List.copyOf(errors);
        this.extensions = Map.copyOf(extensions);
    }

    public static BerthException invalidField(String pointer, String message) {
        return new BerthException(
                ErrorCode.VALIDATION_FAILED,
                pointer.isEmpty() ? message : pointer + ": " + message,
                List.of(new FieldError(pointer, message)),
                Map.of(),
                null);
    }

    public ErrorCode code() {
        return code;
    }

    public List<FieldError> errors() {
        return errors;
    }

    public Map<String, Object> extensions() {
        return extensions;
    }
}
