package io.berth.operations;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.berth.api.problem.Failures;
import io.berth.api.problem.Problem;
import io.berth.common.BerthException;
import io.berth.common.ErrorCode;
import io.berth.common.Ids;
import io.berth.operations.Operation.Status;
import io.berth.operations.store.OperationRepository;
import io.berth.tenants.TenantId;
import io.berth.tenants.TenantParticipant;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.scheduler.Scheduled;
import jakarta.annotation.PreDestroy;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Runs long work that a client can poll, wait for and cancel. A few run at once, some more wait, the rest is refused. The
 * database keeps the beginning and the end; progress is kept in memory. Work that a stop of the server cut off has failed, unless it
 * is {@linkplain #createResumable resumable}.
 */
@ApplicationScoped
public class OperationService implements TenantParticipant {

    private static final Logger LOG = Logger.getLogger(OperationService.class);
    private static final int THREADS = 8;
    private static final int WAITING = 64;
    private static final int RESUMABLE_THREADS = 2;
    private static final Duration KEPT = Duration.ofDays(7);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final OperationRepository repository;
    private final ObjectMapper mapper;
    private final Clock clock;
    private final Map<String, OperationRun> running = new ConcurrentHashMap<>();
    private final ThreadPoolExecutor executor;
    /** Work that must not be refused; there are as many as there are rows of it. */
    private final ThreadPoolExecutor resumables;

    private volatile boolean stopping;

    OperationService(OperationRepository repository, ObjectMapper mapper, Clock clock) {
        this.repository = repository;
        this.mapper = mapper;
        this.clock = clock;
        this.executor = threads(THREADS, new ArrayBlockingQueue<>(WAITING), "operation-");
        this.resumables = threads(RESUMABLE_THREADS, new LinkedBlockingQueue<>(), "operation-resumable-");
    }

    private static ThreadPoolExecutor threads(int count, BlockingQueue<Runnable> waiting, String name) {
        AtomicInteger number = new AtomicInteger();
        ThreadPoolExecutor threads = new ThreadPoolExecutor(count, count, 30, TimeUnit.SECONDS, waiting, task -> {
            Thread thread = new Thread(task, name + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
        threads.allowCoreThreadTimeOut(true);
        return threads;
    }

    void onStart(@Observes @Priority(200) StartupEvent event) {
        int cut = repository.failUnfinished(
                toJson(Problem.of(ErrorCode.UNAVAILABLE, "the server was stopped meanwhile: begin again")),
                clock.instant());
        if (cut > 0) {
            LOG.infof("%d operations were cut off by the last stop", cut);
        }
    }

    @PreDestroy
    void stop() {
        stopping = true;
        executor.shutdownNow();
        resumables.shutdownNow();
    }

    @Scheduled(every = "1h", delayed = "1m")
    void forgetOld() {
        repository.deleteFinishedBefore(clock.instant().minus(KEPT));
    }

    /**
     * Begins an operation. Blocks for an insert, not for the work.
     *
     * @throws BerthException {@code UNAVAILABLE} when too many wait already
     */
    public OperationRun start(TenantId tenant, String kind, @Nullable String target, OperationTask task) {
        Operation operation = begun(tenant, kind, target, false);
        repository.insert(operation);
        OperationRun run = new OperationRun(operation);
        running.put(operation.id(), run);
        try {
            executor.execute(() -> work(run, task));
        } catch (RejectedExecutionException full) {
            BerthException busy = new BerthException(
                    ErrorCode.UNAVAILABLE, "too many operations are waiting already: try again in a moment");
            finish(run, null, busy);
            throw busy;
        }
        return run;
    }

    /**
     * Stores an operation of the platform, within the caller's transaction if there is one. Its work begins, now and after
     * every restart of the server until it has ended, with {@link #run}, by whoever knows what there is to do.
     */
    public Operation createResumable(String kind, String target) {
        Operation operation = begun(null, kind, target, true);
        repository.insert(operation);
        return operation;
    }

    /** Lets a resumable operation work. */
    public OperationRun run(Operation operation, OperationTask task) {
        OperationRun run = new OperationRun(operation);
        running.put(operation.id(), run);
        resumables.execute(() -> work(run, task));
        return run;
    }

    private Operation begun(@Nullable TenantId tenant, String kind, @Nullable String target, boolean resumable) {
        return new Operation(
                Ids.next("op"),
                tenant,
                kind,
                target,
                Status.RUNNING,
                null,
                0,
                -1,
                null,
                null,
                clock.instant(),
                null,
                resumable);
    }

    /** @throws BerthException {@code OPERATION_NOT_FOUND} */
    public Operation get(String id) {
        if (!Ids.isId("op", id)) {
            throw notFound(id);
        }
        OperationRun run = running.get(id);
        return run != null ? run.current() : repository.findOperation(id).orElseThrow(() -> notFound(id));
    }

    /** How far its parts are; none unless it runs in this server. */
    public List<OperationPart> parts(String id) {
        OperationRun run = running.get(id);
        return run == null ? List.of() : run.parts();
    }

    /** The operation when it ends, or as it stands after the time; never blocks for it. */
    public CompletionStage<Operation> await(String id, Duration atMost) {
        OperationRun run = running.get(id);
        if (run == null) {
            return CompletableFuture.completedFuture(get(id));
        }
        return run.end()
                .copy()
                .orTimeout(Math.max(1, atMost.toMillis()), TimeUnit.MILLISECONDS)
                .exceptionally(timeout -> run.current());
    }

    /**
     * Asks an operation to stop; one that has ended stays as it is. Repeatable.
     *
     * @throws BerthException {@code WRONG_STATE} if it is one that goes on to its end
     */
    public Operation cancel(String id) {
        OperationRun run = running.get(id);
        if (run != null && run.current().resumable()) {
            throw new BerthException(
                    ErrorCode.WRONG_STATE,
                    "operation '" + id + "' (" + run.current().kind() + ") cannot be cancelled: it goes on to its end");
        }
        if (run != null) {
            run.cancel();
        }
        return get(id);
    }

    @Override
    public int order() {
        return Order.OPERATIONS;
    }

    @Override
    public String subject() {
        return "operations";
    }

    /** Cancels what runs for the tenant, waits for its end, and forgets all its operations. */
    @Override
    public void delete(TenantId tenant) {
        List<OperationRun> its =
                running.values().stream().filter(run -> run.isOf(tenant)).toList();
        its.forEach(OperationRun::cancel);
        its.forEach(run -> run.end()
                .copy()
                .orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                .exceptionally(late -> run.current())
                .join());
        repository.deleteAllOf(tenant);
    }

    @SuppressWarnings("CatchingUnchecked") // whatever the task throws is the operation's end
    private void work(OperationRun run, OperationTask task) {
        if (!run.begin()) {
            finish(run, null, cancelled());
            return;
        }
        String made = null;
        Throwable failure = null;
        try {
            made = task.run(run);
        } catch (Exception | LinkageError e) {
            failure = run.isCancelled() ? cancelled() : e;
        }
        run.leave();
        // an interrupt that came too late must not hit the writing of the end, or the thread's next task
        Thread.interrupted();
        if (failure != null && stopping && run.current().resumable()) {
            // the next start goes on with it
            return;
        }
        finish(run, made, failure);
    }

    private void finish(OperationRun run, @Nullable String made, @Nullable Throwable failure) {
        try {
            Status status = failure == null ? Status.SUCCEEDED : run.isCancelled() ? Status.CANCELLED : Status.FAILED;
            JsonNode problem =
                    status == Status.FAILED && failure != null ? mapper.valueToTree(Failures.toProblem(failure)) : null;
            run.finish(run.current().finished(status, made, problem, clock.instant()));
            repository.finish(run.current());
        } finally {
            running.remove(run.current().id());
            run.complete(made, failure);
        }
    }

    private String toJson(Problem problem) {
        return mapper.valueToTree(problem).toString();
    }

    private static BerthException cancelled() {
        return new BerthException(ErrorCode.UNAVAILABLE, "the operation was cancelled");
    }

    private static BerthException notFound(String id) {
        String shown = id.length() > 64 ? id.substring(0, 64) + "…" : id;
        return new BerthException(ErrorCode.OPERATION_NOT_FOUND, "there is no operation '" + shown + "'");
    }
}
