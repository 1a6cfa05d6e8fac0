package io.berth.engine.local;

import io.berth.engine.EngineException;
import io.berth.engine.EngineException.Reason;
import io.berth.engine.GroupId;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
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

    static final int MOST_OF_A_GROUP = 256;

    private final ThreadPoolExecutor threads;
    /** Those whose turn is under way or waited for, and what they have besides. Guarded by itself. */
    private final Map<GroupId, Queue<Runnable>> waiting = new HashMap<>();

    private final Map<GroupId, Integer> accepted = new ConcurrentHashMap<>();

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

    /**
     * Takes a signal of a group on, until {@link #done}. Kills need not ask: there is one at most for each exec.
     *
     * @throws EngineException {@code BUSY} if so many of them wait already
     */
    void accept(GroupId group) {
        accepted.compute(group, (unused, count) -> {
            if (count != null && count >= MOST_OF_A_GROUP) {
                throw new EngineException(
                        Reason.BUSY, count + " signals of group " + group + " wait for their turn already");
            }
            return count == null ? 1 : count + 1;
        });
    }

    void done(GroupId group) {
        accepted.computeIfPresent(group, (unused, count) -> count == 1 ? null : count - 1);
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
