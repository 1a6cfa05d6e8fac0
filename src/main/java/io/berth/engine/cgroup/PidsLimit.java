package io.berth.engine.cgroup;

import org.jspecify.annotations.Nullable;

/** The range of {@code pids.max}. */
final class PidsLimit {

    /** The kernel's PID_MAX_LIMIT: there are never more, and it refuses larger numbers. */
    private static final long MOST = 4L * 1024 * 1024;

    private PidsLimit() {}

    static @Nullable Long expressible(@Nullable Long pids) {
        return pids == null || pids >= MOST ? null : pids;
    }
}
