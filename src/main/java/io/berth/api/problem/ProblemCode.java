package io.berth.api.problem;

import io.vertx.ext.web.RoutingContext;
import org.jspecify.annotations.Nullable;

/** The code of the problem that a request was answered with, kept beside it for those who record answers. */
public final class ProblemCode {

    private static final String KEY = "berth.problem-code";

    private ProblemCode() {}

    static void note(RoutingContext context, String code) {
        context.put(KEY, code);
    }

    /** {@code null} if it was not answered with a problem. */
    public static @Nullable String of(RoutingContext context) {
        return context.get(KEY);
    }
}
