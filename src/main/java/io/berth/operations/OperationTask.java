package io.berth.operations;

import org.jspecify.annotations.Nullable;

/** The work of an operation. Interrupting its thread cancels it. */
@FunctionalInterface
public interface OperationTask {

    /**
     * Does the work.
     *
     * @return the path of what it made, such as {@code /api/v1/tenants/default/images/sha256:…}; {@code null} if it made nothing
     */
    @Nullable
    String run(Progress progress) throws Exception;

    /** Hears how the work goes on; may be called from any thread, and often. */
    @FunctionalInterface
    interface Progress {
        /** @param total -1 while unknown */
        void update(String message, long done, long total);

        /** One part of it; the parts keep the order in which they were first told of. */
        default void part(OperationPart part) {}
    }
}
