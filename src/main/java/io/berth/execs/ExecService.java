package io.berth.execs;

import io.berth.common.BerthException;
import io.berth.common.Ids;
import io.berth.containers.ContainerActivity;
import io.berth.containers.ContainerHandle;
import io.berth.engine.ContainerEngine;
import io.berth.engine.ContainerId;
import io.berth.engine.EngineException;
import io.berth.engine.ExecId;
import io.berth.engine.ExecProcess;
import io.berth.engine.ProcessStream;
import io.berth.engine.SessionStatus;
import io.berth.engine.TerminalSize;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Starts processes in running containers. Terminal sessions live in the engine, which knows them after a restart too; plain
 * execs live in memory, since they end with the server. The caller has found the container, and so checked the tenant.
 */
@ApplicationScoped
public class ExecService {

    private static final int BEGIN_SECONDS = 5;
    private static final int SIGKILL = 9;

    private final ContainerEngine engine;
    private final ExecAdmission admission;
    private final ExecConfig config;
    private final ExecEvents events;
    private final ContainerActivity activity;
    private final Clock clock;
    private final PipeExecs pipes = new PipeExecs();
    private final ExecSlots slots;
    private final SessionOpenings openings;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "exec-timer");
        thread.setDaemon(true);
        return thread;
    });

    ExecService(
            ContainerEngine engine,
            ExecAdmission admission,
            ExecConfig config,
            ExecEvents events,
            ContainerActivity activity,
            Clock clock) {
        this.engine = engine;
        this.admission = admission;
        this.config = config;
        this.events = events;
        this.activity = activity;
        this.clock = clock;
        this.slots = new ExecSlots(config.perContainer(), admission, activity);
        this.openings = new SessionOpenings(config.perContainer());
    }

    /**
     * Runs a process to its end. Blocks until it has started; nothing waits for its end but the stage. Until then it is known
     * like any other exec, and can be deleted.
     *
     * @param input for its standard input, which then ends
     * @param timeout after which it is killed with its descendants; the longest there is if {@code null}
     * @param abandoned completes when nobody waits for what comes of it: it is killed with its descendants
     * @throws BerthException {@code COMMAND_NOT_FOUND}, {@code USER_NOT_FOUND}, {@code WRONG_STATE}, {@code RATE_LIMITED},
     *     {@code VALIDATION_FAILED} if the timeout is longer than is allowed
     */
    public CompletionStage<ExecResult> run(
            ContainerHandle container,
            ExecSpec spec,
            byte @Nullable [] input,
            @Nullable Duration timeout,
            CompletionStage<?> abandoned) {
        Duration allowed = timeout == null ? config.maxTimeout() : timeout;
        if (allowed.compareTo(config.maxTimeout()) > 0) {
            throw ExecErrors.timeoutTooLong(config.maxTimeout());
        }
        ExecId id = newId();
        ExecSlots.Slot slot = slots.take(container, id);
        Instant now = clock.instant();
        long begun = System.nanoTime();
        ExecProcess process;
        try {
            process = engine.exec(container.id(), id, spec.in(container), input != null);
        } catch (EngineException e) {
            slot.close();
            throw failure(container, spec, e);
        } catch (RuntimeException e) {
            slot.close();
            throw e;
        }
        events.started(container, id, false, process.ended());
        PipeExec exec = new PipeExec(id, container.id(), spec.args(), now, process, slot);
        exec.connect(); // its output is for this caller alone
        pipes.add(container.id(), id, exec);
        BoundedOutput output = new BoundedOutput(config.maxOutput().asLongValue(), process::discard);
        process.listen(0, output);
        abandoned.thenRun(() -> process.signal(SIGKILL));
        if (input != null) {
            new InputFeeder(process, input).feed();
        }
        CompletableFuture<Void> timedOut = new CompletableFuture<>();
        ScheduledFuture<?> deadline = timer.schedule(
                () -> {
                    timedOut.complete(null);
                    process.signal(SIGKILL);
                },
                allowed.toMillis(),
                TimeUnit.MILLISECONDS);
        return process.exit()
                .thenApply(exit -> new ExecResult(
                        exit.code(),
                        output.stdout(),
                        output.stderr(),
                        output.truncated(),
                        timedOut.isDone(),
                        Duration.ofNanos(System.nanoTime() - begun)))
                .exceptionally(failure -> {
                    throw explained(container, spec, failure);
                })
                .whenComplete((result, failure) -> {
                    deadline.cancel(false);
                    pipes.remove(container.id(), id);
                    process.close();
                    slot.close();
                });
    }

    /**
     * Starts a process to attach to: a terminal session, or one on plain pipes that is killed when nobody attaches in time.
     * Blocks.
     *
     * @throws BerthException as {@link #run}
     */
    public Exec start(ContainerHandle container, ExecSpec spec) {
        try {
            return spec.tty() ? startSession(container, spec) : startPipes(container, spec);
        } catch (EngineException e) {
            throw failure(container, spec, e);
        }
    }

    /** A runtime tells of what it cannot start only when it ends. */
    private RuntimeException explained(ContainerHandle container, ExecSpec spec, Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return cause instanceof EngineException refusal
                ? failure(container, spec, refusal)
                : new CompletionException(cause);
    }

    private RuntimeException failure(ContainerHandle container, ExecSpec spec, EngineException e) {
        RuntimeException why = admission.explain(container, e);
        return why == e ? ExecErrors.starting(container, spec, e) : why;
    }

    private Exec startSession(ContainerHandle container, ExecSpec spec) {
        ExecId id = newId();
        Instant now = clock.instant();
        // the engine counts it from here on
        try (SessionOpenings.Opening opening = openings.begin(container, id, () -> running(container));
                ExecAdmission.Place place = admission.take(container, id);
                // it goes on without this connection, and tells whoever attaches all it wrote so far
                ProcessStream stream = engine.openSession(container.id(), id, spec.in(container))) {
            events.started(container, id, true, stream.exit());
        }
        activity.used(container.id());
        return new Exec(id, container.id(), spec.args(), true, now, null);
    }

    private Set<ExecId> running(ContainerHandle container) {
        return engine.sessions(container.id()).stream()
                .filter(session -> session.exit() == null)
                .map(SessionStatus::id)
                .collect(Collectors.toSet());
    }

    private Exec startPipes(ContainerHandle container, ExecSpec spec) {
        ExecId id = newId();
        ExecSlots.Slot slot = slots.take(container, id);
        Instant now = clock.instant(); // it may have ended before it is known to have begun
        try {
            ExecProcess process = engine.exec(container.id(), id, spec.in(container), spec.stdin());
            awaitBegin(container, spec, process);
            PipeExec exec = new PipeExec(id, container.id(), spec.args(), now, process, slot);
            events.started(container, id, false, process.ended());
            pipes.add(container.id(), id, exec);
            exec.exit().whenComplete((exit, failure) -> {
                pipes.forgetOld(container.id(), config.perContainer());
                after(config.remembered(), () -> pipes.remove(container.id(), id));
            });
            after(config.unattached(), exec::giveUp);
            return exec.view();
        } catch (RuntimeException e) {
            slot.close();
            throw e;
        }
    }

    /** A runtime that takes long to start a process is not waited for. */
    private void awaitBegin(ContainerHandle container, ExecSpec spec, ExecProcess process) {
        try {
            process.begun().toCompletableFuture().get(BEGIN_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            process.close();
            throw explained(container, spec, Objects.requireNonNullElse(e.getCause(), e));
        } catch (TimeoutException busy) {
            // it is known, and can be killed, all the same
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void after(Duration delay, Runnable action) {
        timer.schedule(action, delay.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Those that are known, the oldest first. Blocks. */
    public List<Exec> list(ContainerHandle container) {
        List<Exec> all = new ArrayList<>();
        pipes.of(container.id()).forEach(exec -> all.add(exec.view()));
        sessions(container).forEach(session -> all.add(view(container, session)));
        all.sort(Comparator.comparing(Exec::id));
        return all;
    }

    /**
     * Blocks.
     *
     * @throws BerthException {@code EXEC_NOT_FOUND}
     */
    public Exec get(ContainerHandle container, String id) {
        return pipes.find(container.id(), id)
                .map(PipeExec::view)
                .or(() -> sessions(container).stream()
                        .filter(session -> session.id().value().equals(id))
                        .findFirst()
                        .map(session -> view(container, session)))
                .orElseThrow(() -> ExecErrors.notFound(id));
    }

    private List<SessionStatus> sessions(ContainerHandle container) {
        try {
            return engine.sessions(container.id());
        } catch (EngineException e) {
            if (e.reason() == EngineException.Reason.NOT_FOUND) {
                return List.of();
            }
            throw e;
        }
    }

    private static Exec view(ContainerHandle container, SessionStatus session) {
        return new Exec(session.id(), container.id(), session.args(), true, session.startedAt(), session.exit());
    }

    /**
     * Connects to its streams. Those of a session can be had again and again, those on plain pipes once. Blocks.
     *
     * @throws BerthException {@code EXEC_NOT_FOUND}, or {@code WRONG_STATE} if the one time is over
     */
    public ProcessStream connect(Exec exec) {
        if (exec.tty()) {
            return engine.attachSession(exec.container(), exec.id());
        }
        String id = exec.id().value();
        ProcessStream stream = pipes.find(exec.container(), id)
                .orElseThrow(() -> ExecErrors.notFound(id))
                .connect();
        if (stream == null) {
            throw ExecErrors.taken(id, config.unattached());
        }
        return stream;
    }

    /**
     * Signals its process; {@code SIGKILL} takes its descendants too. Nothing happens when it has ended.
     *
     * @throws BerthException {@code RATE_LIMITED} if too many signals wait for their turn already
     */
    public void signal(Exec exec, int signal) {
        if (exec.tty()) {
            engine.signalSession(exec.container(), exec.id(), signal);
            return;
        }
        try {
            pipes.find(exec.container(), exec.id().value()).ifPresent(known -> known.signal(signal));
        } catch (EngineException e) {
            throw e.reason() == EngineException.Reason.BUSY ? ExecErrors.tooManySignals(exec, e) : e;
        }
    }

    /**
     * Sets the size of its terminal.
     *
     * @throws BerthException {@code WRONG_STATE} if it has none
     */
    public void resize(Exec exec, TerminalSize size) {
        if (!exec.tty()) {
            throw ExecErrors.notATerminal(exec);
        }
        if (exec.isRunning()) {
            engine.resizeSession(exec.container(), exec.id(), size);
        }
    }

    /** Kills it and forgets it. Repeatable. Blocks until a session has ended, 10 s at most. */
    public void delete(Exec exec) {
        if (!exec.tty()) {
            pipes.remove(exec.container(), exec.id().value()).ifPresent(PipeExec::end);
            return;
        }
        if (exec.isRunning()) {
            try (ProcessStream stream = engine.attachSession(exec.container(), exec.id())) {
                stream.listen(-1, new BoundedOutput(0, kind -> {}));
                engine.signalSession(exec.container(), exec.id(), SIGKILL);
                stream.exit()
                        .toCompletableFuture()
                        .orTimeout(10, TimeUnit.SECONDS)
                        .join();
            } catch (CompletionException e) {
                throw ExecErrors.stillEnding(exec, e);
            } catch (EngineException e) {
                if (e.reason() != EngineException.Reason.BUSY) {
                    throw e;
                }
                engine.signalSession(exec.container(), exec.id(), SIGKILL);
                throw ExecErrors.stillEnding(exec, e);
            }
        }
        engine.removeSession(exec.container(), exec.id());
    }

    private static ExecId newId() {
        return new ExecId(Ids.next("exe"));
    }

    /**
     * Ends those on pipes that nobody has come for, since their container has ended: they would keep their places, with nothing left
     * to run in them, until somebody might come. Never blocks.
     */
    void containerEnded(ContainerId container) {
        pipes.of(container).forEach(PipeExec::giveUp);
    }

    @PreDestroy
    void close() {
        timer.shutdownNow();
        pipes.endAll();
    }
}
