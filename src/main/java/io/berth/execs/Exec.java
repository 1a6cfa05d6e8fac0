package io.berth.execs;

import io.berth.engine.ContainerId;
import io.berth.engine.ExecId;
import io.berth.engine.Exit;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A process that was started in a container and can be attached to.
 *
 * @param args of long ones the beginning
 * @param tty whether it is a terminal session; else it has plain pipes and ends with its client
 * @param exit {@code null} while it runs
 */
public record Exec(
        ExecId id,
        ContainerId container,
        List<String> args,
        boolean tty,
        Instant startedAt,
        @Nullable Exit exit) {

    public Exec {
        args = List.copyOf(args);
    }

    public boolean isRunning() {
        return exit == null;
    }
}
