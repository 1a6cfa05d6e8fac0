package io.berth.engine.cgroup;

import io.berth.engine.ResourceLimits;
import java.io.IOException;
import java.util.List;

/**
 * This instance's cgroup subtree, {@code berth-<instance>/<group>/<container>}, on whichever cgroup version the host
 * has. Thread-safe. Paths are relative to the instance's root: {@code <group>} or {@code <group>/<container>}.
 */
public interface Cgroups {

    /** Below a group: processes of Berth's own that serve its containers. */
    String MONITORS = "monitors";

    /** {@code v2}, {@code hybrid} or {@code v1}. */
    String mode();

    /** Whose I/O can be limited: {@code groups}, {@code containers} by themselves only, or why nobody's. */
    String ioLimits();

    /** The path an OCI configuration names ({@code linux.cgroupsPath}), beginning with a slash. */
    String ociPath(String path);

    /** Makes the cgroup in every hierarchy and sets its limits. Repeatable: gives an existing one the new limits. */
    void ensure(String path, ResourceLimits limits) throws IOException;

    /** Sets limits at once. */
    void limit(String path, ResourceLimits limits) throws IOException;

    Usage usage(String path) throws IOException;

    /**
     * What is metered, by two small files.
     *
     * @throws java.nio.file.NoSuchFileException if the cgroup is gone
     */
    Meter meter(String path) throws IOException;

    /** The most memory that was ever charged to it, or what is charged now where the kernel does not tell. */
    long memoryPeak(String path) throws IOException;

    /** Processes and threads now, those of the cgroups below included. 0 when the cgroup is gone. */
    long pids(String path) throws IOException;

    /** Times the kernel killed a process in this cgroup for want of memory. 0 when the cgroup is gone. */
    long oomKills(String path) throws IOException;

    /** Processes of this cgroup and those below it, as host pids. Empty when it is gone. */
    List<Integer> processes(String path) throws IOException;

    /** Freezes or thaws, and waits until it is so. */
    void freeze(String path, boolean frozen) throws IOException;

    boolean isFrozen(String path) throws IOException;

    /**
     * Lets a group pay for the processor time of one of Berth's own processes, such as a monitor: it is counted and bounded
     * with the containers', but belongs to none of them, and is not killed with one. Nothing happens when the process has
     * ended. The kernel may take some 10 ms over it.
     *
     * @throws java.nio.file.NoSuchFileException if the group's cgroup is gone
     */
    void charge(String group, int pid) throws IOException;

    /** Kills every process, also frozen ones, and waits until none is left. Repeatable. */
    void kill(String path) throws IOException;

    /** Removes the cgroup and those below it; kills what is left inside first. Repeatable. */
    void remove(String path) throws IOException;

    /** Names of the cgroups right below, across all hierarchies, without {@link #MONITORS}. */
    List<String> children(String path) throws IOException;

    /** @param memoryBytes charged now, page cache included */
    record Meter(long cpuNanos, long memoryBytes) {}

    /** Counters and levels, as the kernel keeps them. */
    record Usage(
            long cpuNanos,
            long cpuThrottledNanos,
            long memoryBytes,
            long memoryWorkingSetBytes,
            long pids,
            long ioReadBytes,
            long ioWriteBytes,
            long oomKills) {}
}
