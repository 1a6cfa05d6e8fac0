package io.berth.containers;

import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jboss.logging.Logger;

/** The threads that work on containers beside those of requests. */
@ApplicationScoped
class ContainerThreads {

    private static final Logger LOG = Logger.getLogger(ContainerThreads.class);
    private static final int REPAIRERS = 8;

    /** Where a request's insert runs beside its engine work; as many as there are requests. */
    private final ThreadPoolExecutor helpers = new ThreadPoolExecutor(
            0,
            256,
            30,
            TimeUnit.SECONDS,
            new SynchronousQueue<>(),
            named("container-helper"),
            new ThreadPoolExecutor.CallerRunsPolicy());

    /** Where exits, restarts and repairs run; the rest waits. */
    private final ThreadPoolExecutor repairers = new ThreadPoolExecutor(
            REPAIRERS, REPAIRERS, 30, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), named("container-repair"));

    private final Set<String> waiting = ConcurrentHashMap.newKeySet();

    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(named("container-timer"));

    ContainerThreads() {
        repairers.allowCoreThreadTimeOut(true);
    }

    Executor helpers() {
        return helpers;
    }

    /** Where work on many containers at once runs, some at a time. */
    Executor repairers() {
        return repairers;
    }

    /** Runs a repair soon; what it throws is logged. */
    void repair(String what, Runnable work) {
        if (!repairers.isShutdown()) {
            repairers.execute(() -> run(what, work));
        }
    }

    /** As {@link #repair}, unless that very repair is waiting or under way: for what is looked for again and again. */
    void repairOnce(String what, Runnable work) {
        if (!repairers.isShutdown() && waiting.add(what)) {
            repairers.execute(() -> {
                try {
                    run(what, work);
                } finally {
                    waiting.remove(what);
                }
            });
        }
    }

    void repairAfter(Duration delay, String what, Runnable work) {
        if (!timer.isShutdown()) {
            var unused = timer.schedule(() -> repair(what, work), delay.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    @PreDestroy
    void stop() {
        timer.shutdownNow();
        repairers.shutdownNow();
        helpers.shutdownNow();
    }

    @SuppressWarnings("CatchingUnchecked") // one repair that fails must not keep others from running
    private static void run(String what, Runnable work) {
        try {
            work.run();
        } catch (Exception e) {
            LOG.errorf(e, "could not %s", what);
        }
    }

    private static ThreadFactory named(String name) {
        AtomicInteger number = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, name + "-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }
}
