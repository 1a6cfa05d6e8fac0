package io.berth.api.problem;

import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import io.berth.api.http.RequestId;
import io.berth.api.http.UnreadBody;
import io.berth.common.ErrorCode;
import io.quarkus.hibernate.validator.runtime.jaxrs.ResteasyReactiveViolationException;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Response;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/**
 * Answers every failure of a REST resource with a problem document. The framework prefers the mapper of the most special
 * type, so the types it has mappers of its own for are named here again.
 */
class ProblemMappers {

    @ServerExceptionMapper(Throwable.class)
    Response any(Throwable failure, RoutingContext context) {
        return answer(failure, context);
    }

    @ServerExceptionMapper(WebApplicationException.class)
    Response web(WebApplicationException failure, RoutingContext context) {
        return answer(failure, context);
    }

    @ServerExceptionMapper(NotFoundException.class)
    Response notFound(NotFoundException failure, RoutingContext context) {
        return answer(failure, context);
    }

    @ServerExceptionMapper(MismatchedInputException.class)
    Response json(MismatchedInputException failure, RoutingContext context) {
        return answer(failure, context);
    }

    @ServerExceptionMapper(JsonMappingException.class)
    Response jsonMapping(JsonMappingException failure, RoutingContext context) {
        return answer(failure, context);
    }

    @ServerExceptionMapper(ResteasyReactiveViolationException.class)
    Response constraint(ResteasyReactiveViolationException failure, RoutingContext context) {
        return answer(failure, context);
    }

    private static Response answer(Throwable failure, RoutingContext context) {
        Problem problem = Failures.toProblem(failure).of(context.request().path(), RequestId.of(context));
        ProblemCode.note(context, problem.code());
        Response.ResponseBuilder response =
                Response.status(problem.status()).entity(problem).type(Problem.MEDIA_TYPE);
        if (problem.status() == ErrorCode.UNAVAILABLE.status()) {
            response.header("Retry-After", "5");
        } else if (problem.status() == ErrorCode.RATE_LIMITED.status()) {
            response.header("Retry-After", "1");
        }
        if (problem.status() == ErrorCode.REQUEST_TIMEOUT.status()) {
            UnreadBody.endWithAnswer(context);
        }
        return response.build();
    }
}
