package io.berth.api.problem;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.berth.common.BerthException;
import io.berth.common.ErrorCode;
import io.berth.common.StorageFailure;
import io.berth.engine.EngineException;
import jakarta.validation.ConstraintViolationException;
import jakarta.ws.rs.WebApplicationException;
import java.io.IOException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.jboss.logging.Logger;

/**
 * Turns any failure into a problem. What the client may know comes from {@link BerthException}; of everything else, which
 * may hold host paths, only the kind is told and the rest is logged.
 */
public final class Failures {

    private static final Logger LOG = Logger.getLogger(Failures.class);

    private Failures() {}

    /** The problem document for a failure; logs it when it is the server's own fault. */
    public static Problem toProblem(Throwable failure) {
        return Problem.of(toBerthException(failure));
    }

    /** The failure in terms a client may see. */
    public static BerthException toBerthException(Throwable failure) {
        Throwable cause = unwrap(failure);
        if (cause instanceof BerthException known) {
            if (known.code().status() < 500 || known.code() == ErrorCode.REGISTRY_FAILED) {
                LOG.debugf("refused: %s: %s", known.code(), known.getMessage());
            } else {
                LOG.warnf(known, "failed: %s", known.code());
            }
            return known;
        }
        if (cause instanceof EngineException engine) {
            return EngineFailures.translate(engine);
        }
        if (cause instanceof JsonProcessingException json) {
            return JsonFailures.translate(json);
        }
        if (cause instanceof ConstraintViolationException violations) {
            return ConstraintFailures.translate(violations);
        }
        if (cause instanceof WebApplicationException web) {
            return WebFailures.translate(web);
        }
        if (cause instanceof IOException && "Failed to write".equals(cause.getMessage())) {
            // what Quarkus makes of a client that left while it was being answered
            LOG.debug("the client has gone");
            return new BerthException(ErrorCode.UNAVAILABLE, "the client has gone");
        }
        StorageFailure storage = StorageFailure.of(cause).orElse(null);
        if (storage != null) {
            // the log takes one of these in some seconds
            LOG.warn("cannot be stored: " + storage, cause);
            return storage == StorageFailure.FULL
                    ? new BerthException(
                            ErrorCode.NO_SPACE, "the host's disk is full: delete what is not needed", cause)
                    : new BerthException(
                            ErrorCode.UNAVAILABLE, "the database does not answer: try again in a moment", cause);
        }
        LOG.error("unexpected failure", cause);
        return new BerthException(
                ErrorCode.INTERNAL, "something failed inside Berth; the server's log tells more under this request id");
    }

    private static Throwable unwrap(Throwable failure) {
        Throwable cause = failure;
        while ((cause instanceof CompletionException || cause instanceof ExecutionException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }
}
