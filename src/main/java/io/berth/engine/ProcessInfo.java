package io.berth.engine;

/**
 * A process of a container.
 *
 * @param pid as seen inside the container
 * @param parentPid as seen inside, 0 for a process whose parent is outside
 * @param uid as seen inside
 * @param state one letter, as in proc(5)
 * @param cpuMillis user and system time
 * @param residentBytes resident set size
 */
public record ProcessInfo(
        int pid, int parentPid, long uid, String state, long cpuMillis, long residentBytes, String command) {}
