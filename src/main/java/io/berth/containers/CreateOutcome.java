package io.berth.containers;

import io.berth.operations.Operation;

/** What became of a request for a container. */
public sealed interface CreateOutcome {

    /** It is there. */
    record Created(Container container) implements CreateOutcome {}

    /** It takes longer, or the client did not want to wait; the operation tells. */
    record Accepted(Operation operation) implements CreateOutcome {}
}
