package io.berth.engine;

import java.util.List;
import java.util.Optional;

/**
 * Runs containers on a host or a cluster: the port between Berth's services and what carries them out.
 *
 * <p>It knows groups, not tenants. Methods block (milliseconds; {@link #kill} until the processes are gone) and are thread-safe;
 * commands on one container must be serialised by the caller, commands on different ones run in parallel. Every
 * failure is an {@link EngineException} and leaves nothing half-made behind. The host is the truth: after a restart
 * of the server an engine finds again what runs.
 */
public interface ContainerEngine extends AutoCloseable {

    EngineInfo info();

    /**
     * Makes the group, or gives an existing one these limits, at once and for running containers too. Repeatable.
     *
     * @throws EngineException {@code INVALID} if more memory is in use than that and cannot be reclaimed; nothing is killed for it
     */
    void ensureGroup(GroupSpec group);

    /** Removes the group. Repeatable; fails with {@code WRONG_STATE} while it has containers. */
    void removeGroup(GroupId group);

    /** Usage of all containers of the group together. */
    ContainerStats groupStats(GroupId group);

    /** Processes and threads of all containers of the group now, 0 while there is no such group. Costs one small read. */
    long groupPids(GroupId group);

    /** Puts right what others on the host have taken away from what is shared by containers. To be called now and then. */
    void restore();

    /** Makes a container up to, but not including, the start of its main process. */
    CreatedContainer create(ContainerConfig config);

    /** Starts the main process of a created container. */
    void start(ContainerId container);

    /**
     * Sets up a stopped container's run state again, on the writable layer it has; {@link #start} follows.
     *
     * @param config the same container; limits and process may differ from the first time
     */
    CreatedContainer recreate(ContainerConfig config);

    /** Sends a signal to the main process. Repeatable; nothing happens when it has ended. */
    void signal(ContainerId container, int signal);

    /** Kills every process of the container and waits for its end. Repeatable. */
    Exit kill(ContainerId container);

    void pause(ContainerId container);

    void resume(ContainerId container);

    /**
     * Changes the limits of a running container at once.
     *
     * @throws EngineException {@code INVALID} if more memory is in use than that and cannot be reclaimed; nothing is killed for it
     */
    void update(ContainerId container, ResourceLimits limits);

    /** Removes the container and all it had, running or not. Repeatable; unknown ids are no error. */
    void delete(ContainerId container);

    Optional<ContainerStatus> status(ContainerId container);

    /** Every container of this engine on the host, whatever its state. */
    List<ContainerId> list();

    /**
     * Connects to the main process, which need not be started yet.
     *
     * @throws EngineException {@code NOT_FOUND}, {@code WRONG_STATE} if it has ended, or {@code BUSY}
     */
    ProcessStream attach(ContainerId container);

    /** Runs a further process with plain pipes: fast, and it ends when the server does. */
    ExecProcess exec(ContainerId container, ExecId exec, ContainerConfig.ProcessConfig process, boolean stdin);

    /** Starts a terminal session: a further process on a terminal that outlives the server. */
    ProcessStream openSession(ContainerId container, ExecId exec, ContainerConfig.ProcessConfig process);

    /**
     * Connects to a session that was opened before, perhaps by an earlier run of the server.
     *
     * @throws EngineException {@code NOT_FOUND}, {@code BUSY}
     */
    ProcessStream attachSession(ContainerId container, ExecId exec);

    /** The sessions of a container that are known on the host: those that run, and the newest that have ended. */
    List<SessionStatus> sessions(ContainerId container);

    /** Sets the size of a session's terminal; nothing happens when it has ended. Whatever its readers do, it does not wait. */
    void resizeSession(ContainerId container, ExecId exec, TerminalSize size);

    /** Signals a session's process; {@code SIGKILL} takes its descendants too. Repeatable. */
    void signalSession(ContainerId container, ExecId exec, int signal);

    /** Forgets an ended session and its log. Repeatable. */
    void removeSession(ContainerId container, ExecId exec);

    /** @throws IllegalArgumentException if the cursor is none of a log, or the number of lines is negative */
    LogReader logs(ContainerId container, LogReader.Start start);

    ContainerStats stats(ContainerId container);

    /** The counters of every run there is, as cheaply as the host allows: for reading them again and again. */
    List<MeterReading> meters();

    /**
     * Registers the one listener of last readings: each run's counters when it has ended, be it for a moment that {@link #meters} never
     * saw. Those of runs that ended before, since the last run of the server, are reported to it at once.
     */
    void onLastReading(MeterListener listener);

    /**
     * Measures what a container's writable layer occupies on the disk, in every state, by looking at each file of it. Blocks as long as
     * the pace makes it, and keeps no command waiting; what the container changes meanwhile may or may not be seen.
     *
     * @param entries the most that are looked at
     * @throws EngineException {@code NOT_FOUND}, also if it is deleted meanwhile
     */
    DiskReading disk(ContainerId container, int entries, WalkPace pace);

    List<ProcessInfo> processes(ContainerId container);

    /** What the container changed in its root file system, sorted by path, at most {@code limit} entries. */
    List<FileChange> changes(ContainerId container, int limit);

    /**
     * The files of a container, in every state.
     *
     * @throws EngineException {@code NOT_FOUND}
     */
    ContainerFileSystem files(ContainerId container);

    /** Registers the one listener; ends that happened before, since the last run, are reported to it at once. */
    void onExit(ExitListener listener);

    /** Lets go of the host's resources the server holds. Containers go on. */
    @Override
    void close();
}
