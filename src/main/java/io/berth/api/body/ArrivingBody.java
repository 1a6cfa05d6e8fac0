package io.berth.api.body;

import io.berth.api.auth.RequestAuthentication;
import io.berth.api.http.UnreadBody;
import io.berth.api.problem.Problem;
import io.berth.api.problem.ProblemWriter;
import io.berth.api.ratelimit.Credential;
import io.berth.common.BerthException;
import io.berth.common.ErrorCode;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.impl.RoutingContextInternal;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** A body on its way, which ends in one of three ways: it has arrived, it is refused, its client has gone. */
final class ArrivingBody {

    private static final Logger LOG = Logger.getLogger(ArrivingBody.class);

    private final RoutingContext context;
    private final HttpServerRequest request;
    private final HeldBodies bodies;
    private final ProblemWriter problems;
    private final Duration timeout;
    private final AtomicBoolean over = new AtomicBoolean();
    private final Buffer received = Buffer.buffer();

    private HeldBodies.@Nullable Held held;
    private long timer = -1;

    ArrivingBody(RoutingContext context, HeldBodies bodies, ProblemWriter problems, Duration timeout) {
        this.context = context;
        this.request = context.request();
        this.bodies = bodies;
        this.problems = problems;
        this.timeout = timeout;
    }

    void receive() {
        try {
            if (announced() > BodyFilter.MOST_BYTES) {
                throw tooLarge();
            }
            HeldBodies.Held mine = bodies.begin(
                    Credential.address(request),
                    RequestAuthentication.principal(context).isEmpty());
            held = mine;
            context.addEndHandler(ended -> {
                mine.release();
                isEnd();
            });
        } catch (BerthException e) {
            refuse(e);
            return;
        }
        timer = context.vertx().setTimer(timeout.toMillis(), late -> refuse(late()));
        // set while paused: nothing may come before all are
        request.pause();
        request.exceptionHandler(this::gone);
        request.endHandler(end -> arrived());
        request.handler(this::more);
        if ("100-continue".equalsIgnoreCase(request.getHeader(HttpHeaders.EXPECT))) {
            context.response().writeContinue();
        }
        request.resume();
    }

    /** Bytes, -1 if the client does not say. */
    private long announced() {
        String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        try {
            return length == null ? -1 : Long.parseLong(length);
        } catch (NumberFormatException notSaid) {
            return -1;
        }
    }

    private void more(Buffer part) {
        if (over.get() || held == null) {
            return;
        }
        try {
            if (received.length() + part.length() > BodyFilter.MOST_BYTES) {
                throw tooLarge();
            }
            held.add(part.length());
            received.appendBuffer(part);
        } catch (BerthException e) {
            refuse(e);
        }
    }

    private void arrived() {
        if (isEnd()) {
            if (held != null) {
                held.arrived();
            }
            // where RESTEasy looks before it reads from the connection
            ((RoutingContextInternal) context).setBody(received);
            ReceivedRequest.standIn(context);
            context.next();
        }
    }

    private void refuse(BerthException why) {
        if (isEnd()) {
            LOG.debugf("a body is refused: %s", why.getMessage());
            if (why.code() == ErrorCode.UNAVAILABLE || why.code() == ErrorCode.RATE_LIMITED) {
                context.response().putHeader("Retry-After", "5");
            }
            UnreadBody.endWithAnswer(context);
            problems.write(context, Problem.of(why));
        }
    }

    private void gone(Throwable failure) {
        if (isEnd()) {
            LOG.debugf("the client has gone before its body came: %s", failure.getMessage());
            if (held != null) {
                held.release();
            }
        }
    }

    /** Whether it is now over, and was not before. */
    private boolean isEnd() {
        if (!over.compareAndSet(false, true)) {
            return false;
        }
        if (timer >= 0) {
            context.vertx().cancelTimer(timer);
        }
        return true;
    }

    private BerthException late() {
        return new BerthException(
                ErrorCode.REQUEST_TIMEOUT,
                "the body has not arrived whole within " + timeout.toMillis() / 1000.0 + " s (berth.bodies.timeout)");
    }

    private static BerthException tooLarge() {
        return new BerthException(
                ErrorCode.TOO_LARGE,
                "a body may have at most 1 MiB here; an image goes to PUT …/images/import, a file or an archive to PUT"
                        + " …/containers/{container}/files/content or …/archive");
    }
}
