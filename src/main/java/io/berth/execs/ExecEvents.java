package io.berth.execs;

import io.berth.containers.ContainerHandle;
import io.berth.engine.ExecId;
import io.berth.engine.Exit;
import java.util.concurrent.CompletionStage;

/** Tells that processes begin and end in containers. */
@FunctionalInterface
interface ExecEvents {

    /**
     * It has started. Must not block.
     *
     * @param exit completes when it ends
     */
    void started(ContainerHandle container, ExecId exec, boolean tty, CompletionStage<Exit> exit);
}
