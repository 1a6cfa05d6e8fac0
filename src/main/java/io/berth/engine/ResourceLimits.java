package io.berth.engine;

import org.jspecify.annotations.Nullable;

/**
 * What a container, or a group as a whole, may use. {@code null} is unlimited.
 *
 * @param milliCpus thousandths of a core
 * @param memoryBytes memory without swap; the kernel kills what goes above
 * @param pids processes and threads
 * @param cpuWeight share of the CPU under contention, 1-10000, 100 by default (cgroup v2's {@code cpu.weight})
 * @param ioReadBytesPerSecond from the block device under the data directory
 * @param ioWriteBytesPerSecond to that device
 */
public record ResourceLimits(
        @Nullable Long milliCpus,
        @Nullable Long memoryBytes,
        @Nullable Long pids,
        @Nullable Long cpuWeight,
        @Nullable Long ioReadBytesPerSecond,
        @Nullable Long ioWriteBytesPerSecond) {

    public static final ResourceLimits UNLIMITED = new ResourceLimits(null, null, null, null, null, null);

    public ResourceLimits {
        requirePositive("milliCpus", milliCpus);
        requirePositive("memoryBytes", memoryBytes);
        requirePositive("pids", pids);
        requirePositive("cpuWeight", cpuWeight);
        requirePositive("ioReadBytesPerSecond", ioReadBytesPerSecond);
        requirePositive("ioWriteBytesPerSecond", ioWriteBytesPerSecond);
    }

    private static void requirePositive(String name, @Nullable Long value) {
        if (value != null && value <= 0) {
            throw new IllegalArgumentException(name + " must be positive: " + value);
        }
    }
}
