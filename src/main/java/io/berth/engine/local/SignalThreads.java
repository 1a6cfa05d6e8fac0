package io.berth.engine.local;

import io.berth.engine.GroupId;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jboss.logging.Logger;

/**
 * Where execs are signalled. A kill looks at every process of its container, which may be thousands, again and again: so a
 * group's signals are sent one after the other, and those of other groups in between.
 */
final class SignalThreads implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(SignalThreads.class);
    private static final int THREADS = 4;

    private final ThreadPoolExecutor threads;
    /** Those whose turn is under way or waited for, and what they have besides. Guarded by itself. */
    private final Map<GroupId, Queue<Runnable>> waiting = new HashMap<>();

    SignalThreads() {
        AtomicInteger number = new AtomicInteger();
        this.threads = new ThreadPoolExecutor(
                THREADS,
                THREADS,
                10,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                task -> {
                    Thread thread = new Thread(task, "berth-signals-" + number.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                },
                new ThreadPoolExecutor.DiscardPolicy());
        threads.allowCoreThreadTimeOut(true);
    }

    /** Returns at once. Nothing happens after {@link #close}. */
    void execute(GroupId group, Runnable action) {
        synchronized (waiting) {
            Queue<Runnable> others = waiting.get(group);
            if (others != null) {
                others.add(action);
                return;
            }
            waiting.put(group, new ArrayDeque<>());
        }
        threads.execute(() -> run(group, action));
    }

    private void run(GroupId group, Runnable action) {
        try {
            action.run();
        } catch (RuntimeException e) {
            LOG.errorf(e, "could not signal a process of group %s", group);
        } finally {
            next(group);
        }
    }

    /** Behind the other groups that wait. */
    private void next(GroupId group) {
        Runnable next;
        synchronized (waiting) {
            Queue<Runnable> others = waiting.get(group);
            next = others == null ? null : others.poll();
            if (next == null) {
                waiting.remove(group);
                return;
            }
        }
        Runnable action = next;
        threads.execute(() -> run(group, action));
    }

    @Override
    public void close() {
        threads.shutdown();
    }
}
