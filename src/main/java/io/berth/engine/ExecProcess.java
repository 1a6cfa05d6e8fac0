package io.berth.engine;

/** A process started by {@link ContainerEngine#exec}. */
public interface ExecProcess extends ProcessStream {

    /** Signals the process; {@code SIGKILL} takes its descendants too. Repeatable. */
    void signal(int signal);

    /**
     * Throws away what it writes to a stream from now on; the listener hears no more of it. That costs next to nothing,
     * whatever the process writes: a flood is slowed down. Repeatable.
     */
    void discard(OutputStreamKind kind);
}
