package io.berth.api.problem;

import com.fasterxml.jackson.databind.ObjectMapper;

/** Makes this package's services for tests of others. */
public final class ProblemTestAccess {

    private ProblemTestAccess() {}

    public static ProblemWriter writer() {
        return new ProblemWriter(new ObjectMapper());
    }
}
