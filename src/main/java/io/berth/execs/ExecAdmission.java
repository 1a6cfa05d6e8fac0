package io.berth.execs;

import io.berth.containers.ContainerHandle;
import io.berth.engine.EngineException;
import io.berth.engine.ExecId;

/** Whether a tenant may have one more exec. */
interface ExecAdmission {

    /**
     * Takes a place for an exec.
     *
     * @throws io.berth.common.BerthException {@code QUOTA_EXCEEDED}
     */
    Place take(ContainerHandle container, ExecId exec);

    /** What it means that the engine could not start one: the quota's refusal if that is why, else the failure itself. */
    RuntimeException explain(ContainerHandle container, EngineException failure);

    /** A place taken. Closing it, which is repeatable, gives it back. */
    interface Place extends AutoCloseable {
        @Override
        void close();
    }
}
