package io.berth.execs;

import java.time.Duration;

/**
 * What came of a process that was run to its end.
 *
 * @param exitCode 137 if it was killed, at the timeout for example
 * @param stdout the first bytes, up to the bound
 * @param stderr likewise
 * @param truncated whether there was more of either
 * @param timedOut whether it was killed because its time was over
 */
public record ExecResult(
        int exitCode, byte[] stdout, byte[] stderr, boolean truncated, boolean timedOut, Duration duration) {}
