package io.berth.engine.runtime;

import java.nio.file.Path;

/**
 * What a conmon needs to know.
 *
 * @param container the id the OCI runtime knows
 * @param name of this monitor in process lists: the container's id, or the exec's
 * @param bundle directory with {@code config.json}; the attach socket and the {@code ctl} FIFO are made in it
 * @param pidFile receives the process's id
 * @param monitorPidFile receives conmon's own
 * @param exitDir receives a file named after the container that holds the exit code
 * @param log log driver and file, as {@code --log-path} takes them
 * @param leaveStdinOpen whether the process's input stays open when a client goes
 */
public record MonitorSpec(
        String container,
        String name,
        Path bundle,
        Path pidFile,
        Path monitorPidFile,
        Path exitDir,
        String log,
        long logSizeBytes,
        boolean terminal,
        boolean stdin,
        boolean leaveStdinOpen) {}
