package io.berth.engine.cgroup;

import io.berth.engine.EngineException;
import io.berth.engine.EngineException.Reason;
import org.jspecify.annotations.Nullable;

/**
 * CPU time per period, as the kernel takes it, in microseconds. {@code quota} is -1 without a limit.
 *
 * @see <a href="https://docs.kernel.org/scheduler/sched-bwc.html">CFS bandwidth control</a>
 */
record CpuLimit(long quota, long period) {

    static final CpuLimit UNLIMITED = new CpuLimit(-1, 100_000);

    private static final long LONG_PERIOD = 1_000_000;
    private static final long SMALLEST_QUOTA = 1_000;
    /** Beyond any machine; keeps what is written far below the kernel's own bound. */
    private static final long MOST_MILLI_CPUS = 10_000_000;

    private static final long DEFAULT_WEIGHT = 100;
    private static final long LARGEST_WEIGHT = 10_000;

    /** The kernel takes no quota below 1 ms: very small shares get a period of 1 s instead of 100 ms. */
    static CpuLimit ofMilliCpus(@Nullable Long milliCpus) {
        if (milliCpus == null || milliCpus > MOST_MILLI_CPUS) {
            return UNLIMITED;
        }
        long quota = milliCpus * UNLIMITED.period / 1_000;
        return quota >= SMALLEST_QUOTA
                ? new CpuLimit(quota, UNLIMITED.period)
                : new CpuLimit(milliCpus * LONG_PERIOD / 1_000, LONG_PERIOD);
    }

    boolean isUnlimited() {
        return quota < 0;
    }

    /** Whether this one allows more than the other. */
    boolean exceeds(CpuLimit other) {
        if (other.isUnlimited()) {
            return false;
        }
        return isUnlimited() || quota * other.period > other.quota * period;
    }

    /** The form of version 2's {@code cpu.max}. */
    String unifiedForm() {
        return (isUnlimited() ? "max" : Long.toString(quota)) + " " + period;
    }

    static long weight(@Nullable Long weight) {
        if (weight == null) {
            return DEFAULT_WEIGHT;
        }
        if (weight < 1 || weight > LARGEST_WEIGHT) {
            throw new EngineException(
                    Reason.INVALID, "CPU weight " + weight + " is outside 1 to " + LARGEST_WEIGHT + " (100 is usual)");
        }
        return weight;
    }

    /**
     * Version 1's {@code cpu.shares} (2-262144) for a weight (1-10000): the inverse of what OCI runtimes do to shares on
     * version 2 hosts. All of Berth's cgroups are written by it, so that their proportions are right among each other.
     */
    static long sharesOfWeight(long weight) {
        return 2 + (weight - 1) * 262_142 / 9_999;
    }
}
