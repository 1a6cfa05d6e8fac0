package io.berth.api.problem;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import io.berth.api.json.StrictJson;
import io.berth.common.BerthException;
import io.berth.common.BerthException.FieldError;
import io.berth.common.ErrorCode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Explains JSON that cannot be read: where, by a JSON pointer, and why. Java's own type names are left out. */
final class JsonFailures {

    private static final String LIMITS =
            "nested deeper than " + StrictJson.MAX_DEPTH + " levels, or holds a text longer than "
                    + StrictJson.MAX_STRING + " characters or a name longer than 1024";
    private static final Pattern DUPLICATE = Pattern.compile("Duplicate field '(.{1,128})'.*", Pattern.DOTALL);

    private JsonFailures() {}

    static BerthException translate(JsonProcessingException failure) {
        if (failure.getCause() instanceof BerthException own) {
            return own;
        }
        if (failure instanceof UnrecognizedPropertyException unknown) {
            return unknownField(unknown);
        }
        if (failure instanceof JsonMappingException mapping
                && !mapping.getPath().isEmpty()) {
            return field(ErrorCode.VALIDATION_FAILED, pointer(mapping), reason(mapping), failure);
        }
        if (failure instanceof MismatchedInputException) {
            return new BerthException(
                    ErrorCode.BAD_REQUEST, "the body must be one JSON object of the documented form", failure);
        }
        String where = failure.getLocation() == null
                ? ""
                : " at line " + failure.getLocation().getLineNr() + ", column "
                        + failure.getLocation().getColumnNr();
        String what = failure instanceof StreamConstraintsException
                ? "the JSON is " + LIMITS
                : duplicate(failure).orElse("the body is not valid JSON");
        return new BerthException(ErrorCode.BAD_REQUEST, what + where, failure);
    }

    private static BerthException unknownField(UnrecognizedPropertyException failure) {
        String known = failure.getKnownPropertyIds() == null
                ? ""
                : failure.getKnownPropertyIds().stream()
                        .map(Object::toString)
                        .sorted()
                        .collect(Collectors.joining(", ", "; known here are ", ""));
        String message = "unknown field '" + failure.getPropertyName() + "'" + known;
        return field(ErrorCode.UNKNOWN_FIELD, pointer(failure), message, failure);
    }

    private static String reason(JsonMappingException failure) {
        Throwable cause = failure.getCause();
        if (cause instanceof IllegalArgumentException && cause.getMessage() != null) {
            return cause.getMessage();
        }
        if (cause instanceof StreamConstraintsException) {
            return "is " + LIMITS;
        }
        if (cause instanceof JsonProcessingException json && duplicate(json).isPresent()) {
            return duplicate(json).get();
        }
        if (failure instanceof InvalidFormatException format && isOwnText(failure)) {
            return format.getOriginalMessage();
        }
        if (failure instanceof MismatchedInputException mismatch && mismatch.getTargetType() != null) {
            return "must be " + JsonTypeNames.of(mismatch.getTargetType());
        }
        return "has the wrong form";
    }

    private static Optional<String> duplicate(JsonProcessingException failure) {
        Matcher found = DUPLICATE.matcher(String.valueOf(failure.getOriginalMessage()));
        return found.matches() ? Optional.of("the field '" + found.group(1) + "' is given twice") : Optional.empty();
    }

    /** Deserializers of this project write their messages for the client. */
    private static boolean isOwnText(JsonMappingException failure) {
        return !failure.getOriginalMessage().contains("`");
    }

    static String pointer(JsonMappingException failure) {
        return failure.getPath().stream()
                .map(step -> step.getFieldName() == null ? Integer.toString(step.getIndex()) : step.getFieldName())
                .map(step -> step.replace("~", "~0").replace("/", "~1"))
                .collect(Collectors.joining("/", "/", ""));
    }

    private static BerthException field(ErrorCode code, String pointer, String message, Throwable cause) {
        return new BerthException(
                code, pointer + ": " + message, List.of(new FieldError(pointer, message)), Map.of(), cause);
    }
}
