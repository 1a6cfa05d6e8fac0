package io.berth.engine;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A terminal session.
 *
 * @param exit {@code null} while it runs
 */
public record SessionStatus(
        ExecId id,
        List<String> args,
        Instant startedAt,
        @Nullable Exit exit) {}
