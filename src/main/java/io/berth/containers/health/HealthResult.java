package io.berth.containers.health;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What came of one check.
 *
 * @param exitCode {@code null} if it never ran
 * @param timedOut whether it was killed because its time was over
 * @param output the first bytes of what it wrote, to both streams together; or why it never ran
 * @param truncated whether it wrote more
 */
public record HealthResult(
        Instant startedAt,
        Instant finishedAt,
        @Nullable Integer exitCode,
        boolean timedOut,
        String output,
        boolean truncated) {

    boolean succeeded() {
        return exitCode != null && exitCode == 0 && !timedOut;
    }
}
