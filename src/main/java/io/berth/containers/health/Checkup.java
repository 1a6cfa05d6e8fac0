package io.berth.containers.health;

import io.berth.common.BerthException;
import io.berth.common.Ids;
import io.berth.containers.ContainerHandle;
import io.berth.containers.Healthcheck;
import io.berth.containers.LaunchFailures;
import io.berth.engine.ContainerConfig.ProcessConfig;
import io.berth.engine.ContainerEngine;
import io.berth.engine.EngineException;
import io.berth.engine.ExecId;
import io.berth.engine.ExecProcess;
import io.berth.engine.Exit;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * One check: a process in the container on plain pipes, as an exec, but none of its tenant's. It is charged to the container, and killed
 * with its descendants when its time is over.
 */
final class Checkup {

    private static final Logger LOG = Logger.getLogger(Checkup.class);
    private static final int SIGKILL = 9;
    /** How long a killed one is waited for. One that is frozen with its container does not end before that goes on. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final ContainerHandle container;
    private final Healthcheck check;
    private final Clock clock;
    private final Instant startedAt;
    private final ExecProcess process;
    private final CheckOutput output;
    private final CompletableFuture<HealthResult> result = new CompletableFuture<>();
    private volatile boolean timedOut;

    private Checkup(ContainerHandle container, Healthcheck check, Clock clock, Instant startedAt, ExecProcess process) {
        this.container = container;
        this.check = check;
        this.clock = clock;
        this.startedAt = startedAt;
        this.process = process;
        this.output = new CheckOutput(process::discard);
    }

    /**
     * Begins one. Blocks until its process was started.
     *
     * @throws EngineException if it cannot be; {@link #failure} says what that means
     */
    static Checkup begin(
            ContainerEngine engine,
            ContainerHandle container,
            Healthcheck check,
            Clock clock,
            ScheduledExecutorService timer) {
        Instant now = clock.instant();
        ExecProcess process = engine.exec(
                container.id(),
                new ExecId(Ids.next("hck")),
                new ProcessConfig(
                        command(check), container.env(), container.workingDir(), container.user(), false, null),
                false);
        Checkup checkup = new Checkup(container, check, clock, now, process);
        try {
            checkup.follow(Objects.requireNonNull(check.timeout()), timer);
            return checkup;
        } catch (RejectedExecutionException serverStops) {
            checkup.kill();
            throw serverStops;
        }
    }

    private static List<String> command(Healthcheck check) {
        return Objects.requireNonNull(check.command(), "a health check is complete");
    }

    private void follow(Duration timeout, ScheduledExecutorService timer) {
        process.listen(0, output);
        ScheduledFuture<?> deadline = timer.schedule(() -> giveUp(timer), timeout.toMillis(), TimeUnit.MILLISECONDS);
        process.exit().whenComplete((exit, failure) -> {
            deadline.cancel(false);
            process.close();
            result.complete(failure == null ? ended(exit) : failure(container, check, startedAt, clock, failure));
        });
    }

    private void giveUp(ScheduledExecutorService timer) {
        timedOut = true;
        process.signal(SIGKILL);
        timer.schedule(() -> result.complete(ended(null)), PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    }

    private HealthResult ended(@Nullable Exit exit) {
        return new HealthResult(
                startedAt,
                clock.instant(),
                exit == null ? null : (Integer) exit.code(),
                timedOut,
                output.text(),
                output.truncated());
    }

    /** What it means that a check did not run; paths of the host stay in the log. */
    static HealthResult failure(
            ContainerHandle container, Healthcheck check, Instant startedAt, Clock clock, Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        RuntimeException why = cause instanceof RuntimeException known
                ? LaunchFailures.explain(command(check).get(0), container.user(), container.workingDir(), known)
                : new IllegalStateException(cause);
        if (!(why instanceof BerthException)) {
            LOG.debugf(why, "a health check of %s did not run", container.id());
        }
        String text =
                why instanceof BerthException told ? String.valueOf(told.getMessage()) : "it could not be started";
        return new HealthResult(startedAt, clock.instant(), null, false, text, false);
    }

    /** Completes when it has ended, or {@link #PATIENCE} after it was killed. Dependents run on the engine's threads: never block. */
    CompletionStage<HealthResult> result() {
        return result;
    }

    /** Completes, in whatever way, when its process is no more. */
    CompletionStage<Exit> end() {
        return process.exit();
    }

    void kill() {
        process.signal(SIGKILL);
        process.close();
    }
}
