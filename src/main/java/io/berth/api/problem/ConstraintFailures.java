package io.berth.api.problem;

import io.berth.common.BerthException;
import io.berth.common.BerthException.FieldError;
import io.berth.common.ErrorCode;
import jakarta.validation.ConstraintViolation;
import jakarta.validation.ConstraintViolationException;
import jakarta.validation.ElementKind;
import jakarta.validation.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Names the fields and query parameters that Bean Validation refused. */
final class ConstraintFailures {

    private ConstraintFailures() {}

    static BerthException translate(ConstraintViolationException failure) {
        List<FieldError> errors = failure.getConstraintViolations().stream()
                .map(violation -> new FieldError(pointer(violation), violation.getMessage()))
                .toList();
        String detail = errors.stream()
                .map(error -> error.pointer() + ": " + error.message())
                .collect(Collectors.joining("; "));
        return new BerthException(ErrorCode.VALIDATION_FAILED, detail, errors, Map.of(), failure);
    }

    private static String pointer(ConstraintViolation<?> violation) {
        StringBuilder body = new StringBuilder();
        String parameter = "";
        for (Path.Node node : violation.getPropertyPath()) {
            if (node.getKind() == ElementKind.PARAMETER) {
                parameter = node.getName();
            } else if (node.getKind() == ElementKind.PROPERTY) {
                body.append('/').append(node.getName());
            }
        }
        return body.isEmpty() ? "?" + parameter : body.toString();
    }
}
