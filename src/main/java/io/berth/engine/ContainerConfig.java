package io.berth.engine;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Everything the engine needs to make a container. Complete: the image's own configuration is already merged in.
 *
 * @param id unique on the host
 * @param group the group whose cgroup, id range and network it joins; must exist
 * @param layers unpacked layer directories, lowest first
 * @param process the main process
 * @param stdin whether the main process has a standard input that stays open while nobody is attached
 * @param stdinOnce whether the end of the first attached client's input ends the process's
 * @param hostname set in the UTS namespace and {@code /etc/hosts}
 * @param limits for this container alone
 * @param readOnlyRootfs whether the root file system is mounted read-only
 * @param tmpfs mount point to size in bytes
 * @param addCapabilities names such as {@code CAP_NET_RAW}, on top of the default set
 * @param dropCapabilities taken away; {@code ALL} empties the set
 * @param init whether a small init runs as process 1, forwards signals and reaps
 * @param logSizeBytes bound of the log file before it is rotated; two generations are kept
 */
public record ContainerConfig(
        ContainerId id,
        GroupId group,
        List<Path> layers,
        ProcessConfig process,
        boolean stdin,
        boolean stdinOnce,
        String hostname,
        ResourceLimits limits,
        boolean readOnlyRootfs,
        Map<String, Long> tmpfs,
        Set<String> addCapabilities,
        Set<String> dropCapabilities,
        boolean init,
        long logSizeBytes) {

    public ContainerConfig {
        layers = List.copyOf(layers);
        tmpfs = Map.copyOf(tmpfs);
        addCapabilities = Set.copyOf(addCapabilities);
        dropCapabilities = Set.copyOf(dropCapabilities);
    }

    /** The same container with other limits. */
    public ContainerConfig withLimits(ResourceLimits changed) {
        return new ContainerConfig(
                id,
                group,
                layers,
                process,
                stdin,
                stdinOnce,
                hostname,
                changed,
                readOnlyRootfs,
                tmpfs,
                addCapabilities,
                dropCapabilities,
                init,
                logSizeBytes);
    }

    /**
     * A process to run.
     *
     * @param args the command and its arguments, never empty
     * @param env {@code NAME=value} entries
     * @param workingDir absolute; made if missing
     * @param user {@code user}, {@code uid}, {@code user:group}, {@code uid:gid}, looked up in the container's own
     *     passwd and group files; {@code null} is root
     * @param terminal whether it gets a pseudo-terminal
     * @param terminalSize initial size, or {@code null} for 80x24
     */
    public record ProcessConfig(
            List<String> args,
            List<String> env,
            String workingDir,
            @Nullable String user,
            boolean terminal,
            @Nullable TerminalSize terminalSize) {

        public ProcessConfig {
            args = List.copyOf(args);
            env = List.copyOf(env);
            if (args.isEmpty()) {
                throw new IllegalArgumentException("a process needs a command");
            }
        }
    }
}
