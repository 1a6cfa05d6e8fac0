package io.berth.containers;

import io.berth.common.ByteSize;
import io.berth.engine.ResourceLimits;
import java.math.BigDecimal;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

/**
 * A container's own limits; what is absent is bounded by the tenant's alone.
 *
 * @param cpus cores, such as 0.5
 * @param memory without swap
 * @param pids processes and threads
 * @param cpuWeight 1-10000, share of the CPU under contention
 * @param ioRead bytes a second
 * @param ioWrite bytes a second
 */
public record Resources(
        @Nullable BigDecimal cpus,
        @Nullable ByteSize memory,
        @Nullable Long pids,
        @Nullable Integer cpuWeight,
        @Nullable ByteSize ioRead,
        @Nullable ByteSize ioWrite) {

    public static final Resources NONE = new Resources(null, null, null, null, null, null);

    Resources withPids(long limit) {
        return new Resources(cpus, memory, limit, cpuWeight, ioRead, ioWrite);
    }

    Resources withCpus(long milliCpus) {
        return new Resources(
                BigDecimal.valueOf(milliCpus, 3).stripTrailingZeros(), memory, pids, cpuWeight, ioRead, ioWrite);
    }

    Resources withMemory(long bytes) {
        return new Resources(cpus, new ByteSize(bytes), pids, cpuWeight, ioRead, ioWrite);
    }

    /** The same in the engine's terms. */
    public ResourceLimits toLimits() {
        return new ResourceLimits(
                cpus == null
                        ? null
                        : cpus.movePointRight(3).setScale(0, RoundingMode.UP).longValueExact(),
                bytes(memory),
                pids,
                cpuWeight == null ? null : cpuWeight.longValue(),
                bytes(ioRead),
                bytes(ioWrite));
    }

    private static @Nullable Long bytes(@Nullable ByteSize size) {
        return size == null ? null : size.bytes();
    }
}
