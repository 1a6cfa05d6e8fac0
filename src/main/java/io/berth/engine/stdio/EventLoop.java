package io.berth.engine.stdio;

import io.berth.engine.syscall.ErrnoException;
import io.berth.engine.syscall.Fd;
import io.berth.engine.syscall.Flags;
import io.berth.engine.syscall.Syscalls;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jboss.logging.Logger;

/**
 * One thread that waits for descriptors with epoll(7) and calls their handlers. Handlers, tasks and timers run on that
 * thread only, one at a time, and must not block. Only {@link #run}, {@link #schedule} and {@link #close} may be called
 * from elsewhere.
 */
public final class EventLoop implements AutoCloseable {

    /** How much a handler should read from its descriptor before it lets others have their turn. */
    public static final int TURN_BYTES = 256 * 1024;

    private static final Logger LOG = Logger.getLogger(EventLoop.class);
    private static final int WRITE_BYTES = 64 * 1024;
    private static final int EVENTS = 256;
    private static final long WAKE = 0;
    private static final int WAKE_ATTEMPTS = 3;

    private final Syscalls syscalls;
    private final Fd epoll;
    private final Fd wake;
    private final Thread thread;
    private final Map<Fd, Registration> byDescriptor = new IdentityHashMap<>();
    private final Map<Long, Registration> byToken = new HashMap<>();
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final PriorityQueue<Timer> timers = new PriorityQueue<>();
    private final AtomicBoolean awake = new AtomicBoolean();
    private final ByteBuffer readBuffer = ByteBuffer.allocateDirect(TURN_BYTES);
    private final ByteBuffer writeBuffer = ByteBuffer.allocateDirect(WRITE_BYTES);
    private final ByteBuffer counter = ByteBuffer.allocateDirect(Long.BYTES);
    private final ByteBuffer one =
            ByteBuffer.allocateDirect(Long.BYTES).order(ByteOrder.nativeOrder()).putLong(0, 1);
    private long nextToken = WAKE + 1;
    private volatile boolean closed;

    /** Called when a descriptor is ready, with epoll's event bits. */
    @FunctionalInterface
    public interface Handler {
        void ready(int events) throws ErrnoException;
    }

    private record Timer(long atNanos, Runnable task) implements Comparable<Timer> {
        @Override
        public int compareTo(Timer other) {
            return Long.signum(atNanos - other.atNanos);
        }
    }

    private record Registration(Fd fd, long token, Handler handler) {}

    public EventLoop(Syscalls syscalls) throws ErrnoException {
        this.syscalls = syscalls;
        this.epoll = syscalls.epollCreate();
        this.wake = syscalls.eventfd();
        syscalls.setNonBlocking(wake, true);
        syscalls.epollControl(epoll, Flags.EPOLL_CTL_ADD, wake, Flags.EPOLLIN, WAKE);
        this.thread = new Thread(this::loop, "berth-io");
        thread.setDaemon(true);
        thread.start();
    }

    public boolean inLoop() {
        return Thread.currentThread() == thread;
    }

    /** Runs a task on the loop: at once if called from it, soon otherwise. After {@link #close} it is dropped. */
    public void run(Runnable task) {
        if (inLoop()) {
            task.run();
            return;
        }
        tasks.add(task);
        wakeUp();
    }

    /** Runs a task on the loop after a delay. */
    public void schedule(Duration delay, Runnable task) {
        Timer timer = new Timer(System.nanoTime() + delay.toNanos(), task);
        run(() -> timers.add(timer));
    }

    /**
     * Calls the handler whenever the descriptor is ready, until {@link #unregister}. On the loop only.
     *
     * @param interest epoll's event bits; hang-up and errors are told in any case, again and again
     */
    public void register(Fd fd, int interest, Handler handler) {
        requireInLoop();
        Registration registration = new Registration(fd, nextToken++, handler);
        control(Flags.EPOLL_CTL_ADD, registration, interest);
        byDescriptor.put(fd, registration);
        byToken.put(registration.token(), registration);
    }

    /** Changes what is waited for. On the loop only. */
    public void modify(Fd fd, int interest) {
        requireInLoop();
        Registration registration = byDescriptor.get(fd);
        if (registration != null) {
            control(Flags.EPOLL_CTL_MOD, registration, interest);
        }
    }

    /** Takes a descriptor out of the loop and leaves it open. To be called before it is closed. Repeatable; on the loop only. */
    public void unregister(Fd fd) {
        requireInLoop();
        Registration registration = byDescriptor.remove(fd);
        if (registration != null) {
            byToken.remove(registration.token());
            control(Flags.EPOLL_CTL_DEL, registration, 0);
        }
    }

    private void control(int operation, Registration registration, int interest) {
        try {
            syscalls.epollControl(epoll, operation, registration.fd(), interest, registration.token());
        } catch (ErrnoException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A direct buffer of {@link #TURN_BYTES}, cleared, to read into during one call of a handler. On the loop only. */
    public ByteBuffer readBuffer() {
        requireInLoop();
        return readBuffer.clear();
    }

    /**
     * A direct buffer of 64 KiB, cleared, to stage what is about to be written; apart from the read buffer, because
     * what was read may be written while its handler still looks at it. On the loop only.
     */
    public ByteBuffer writeBuffer() {
        requireInLoop();
        return writeBuffer.clear();
    }

    private void requireInLoop() {
        if (!inLoop()) {
            throw new IllegalStateException("only the event loop's own thread may do this");
        }
    }

    /** Tries again if that fails: it may be long until there is another task, and this may be the one that sees a process end. */
    private void wakeUp() {
        for (int attempt = 0; attempt < WAKE_ATTEMPTS && awake.compareAndSet(false, true); attempt++) {
            try {
                syscalls.write(wake, one.duplicate());
                return;
            } catch (ErrnoException | IllegalStateException e) {
                awake.set(false);
                if (!closed) {
                    LOG.warn("could not wake the event loop", e);
                }
            }
        }
    }

    private void loop() {
        long[] tokens = new long[EVENTS];
        int[] events = new int[EVENTS];
        while (!closed) {
            try {
                int count = syscalls.epollWait(epoll, tokens, events, timeout());
                for (int i = 0; i < count; i++) {
                    dispatch(tokens[i], events[i]);
                }
                runTasks();
                runTimers();
            } catch (ErrnoException e) {
                LOG.error("the event loop could not wait for events", e);
            }
        }
        epoll.close();
        wake.close();
    }

    /** Whatever a handler does wrong, an {@code Error} included, the other descriptors are served. */
    private void dispatch(long token, int events) {
        if (token == WAKE) {
            drainWake();
            return;
        }
        Registration registration = byToken.get(token);
        if (registration == null) {
            return; // removed by a handler before it in the same round
        }
        try {
            registration.handler().ready(events);
        } catch (Throwable e) {
            LOG.error("a handler failed; its descriptor is given up", e);
            unregister(registration.fd());
        }
    }

    private void drainWake() {
        try {
            syscalls.read(wake, counter.clear());
        } catch (ErrnoException e) {
            LOG.debugf(e, "could not read the wake-up counter");
        }
        // Only now: whoever adds a task from here on writes anew, and the tasks added before are run next.
        awake.set(false);
    }

    private void runTasks() {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            guarded(task);
        }
    }

    private void runTimers() {
        // one set by a task of this round waits for the next, so that descriptors have their turn in between
        long now = System.nanoTime();
        for (Timer timer = timers.peek(); timer != null && timer.atNanos - now <= 0; timer = timers.peek()) {
            timers.poll();
            guarded(timer.task);
        }
    }

    private static void guarded(Runnable task) {
        try {
            task.run();
        } catch (Throwable e) {
            LOG.error("a task of the event loop failed", e);
        }
    }

    private long timeout() {
        if (!tasks.isEmpty()) {
            return 0;
        }
        Timer next = timers.peek();
        if (next == null) {
            return -1;
        }
        return Math.max(0, next.atNanos - System.nanoTime());
    }

    /** Ends the thread. What is registered stays open and is no longer served. */
    @Override
    public void close() {
        closed = true;
        awake.set(false);
        wakeUp();
        if (!inLoop()) {
            try {
                thread.join(5_000);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
