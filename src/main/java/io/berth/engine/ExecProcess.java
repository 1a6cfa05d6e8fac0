package io.berth.engine;

/** A process started by {@link ContainerEngine#exec}. */
public interface ExecProcess extends ProcessStream {

    /** Signals the process; {@code SIGKILL} takes its descendants too. Repeatable. */
    void signal(int signal);
}
