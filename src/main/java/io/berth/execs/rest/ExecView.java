package io.berth.execs.rest;

import io.berth.api.http.Identified;
import io.berth.engine.Exit;
import io.berth.execs.Exec;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An exec as the API shows it.
 *
 * @param state {@code running} or {@code exited}
 */
public record ExecView(
        String id,
        String containerId,
        List<String> command,
        boolean tty,
        String state,
        @Nullable Integer exitCode,
        Instant startedAt,
        @Nullable Instant finishedAt)
        implements Identified {

    @Override
    public String identity() {
        return id;
    }

    static ExecView of(Exec exec) {
        Exit exit = exec.exit();
        return new ExecView(
                exec.id().value(),
                exec.container().value(),
                exec.args(),
                exec.tty(),
                exit == null ? "running" : "exited",
                exit == null ? null : exit.code(),
                exec.startedAt(),
                exit == null ? null : exit.at());
    }
}
