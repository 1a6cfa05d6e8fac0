package io.berth.engine;

import java.util.concurrent.CompletionStage;

/** A process started by {@link ContainerEngine#exec}. */
public interface ExecProcess extends ProcessStream {

    /**
     * Completes when the process has begun; with what was wrong, an {@link EngineException}, if it could not: what does
     * not exist in the container is found only when it is to be executed.
     */
    CompletionStage<Void> begun();

    /**
     * Completes when the process has ended, whether or not what it wrote was delivered; as {@link #exit} does in the end, with
     * the same exit or failure.
     */
    CompletionStage<Exit> ended();

    /**
     * Signals the process; {@code SIGKILL} takes its descendants too. Repeatable. Never blocks.
     *
     * @throws EngineException {@code BUSY} if too many signals of the group wait for their turn; a {@code SIGKILL} is never
     *     refused
     */
    void signal(int signal);

    /**
     * Throws away what it writes to a stream from now on; the listener hears no more of it. That costs next to nothing,
     * whatever the process writes: a flood is slowed down. Repeatable.
     */
    void discard(OutputStreamKind kind);
}
