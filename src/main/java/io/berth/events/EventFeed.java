package io.berth.events;

import io.berth.common.BerthException;
import io.berth.common.ErrorCode;
import io.berth.events.store.EventRepository;
import io.berth.tenants.TenantId;
import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.quarkus.scheduler.Scheduled;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Clock;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Follows events for all streams at once: a batch of changes costs one query, however many follow. A stream begins by reading what
 * lies behind on its own, and joins the others when it has caught up.
 */
@ApplicationScoped
public class EventFeed implements EventWatcher {

    private static final int BATCH = 500;
    private static final int THREADS = 4;

    private final EventRepository events;
    private final EventSequencer sequencer;
    private final EventsConfig config;
    private final Clock clock;
    /** Where streams are read for, and written to; what they wait for is the database only. */
    private final ThreadPoolExecutor executor;

    private final Set<EventStream> streams = new HashSet<>();
    private final Set<EventStream> live = new HashSet<>();
    private final AtomicInteger open = new AtomicInteger();
    private long position;
    private boolean closed;

    EventFeed(EventRepository events, EventSequencer sequencer, EventsConfig config, Clock clock) {
        this.events = events;
        this.sequencer = sequencer;
        this.config = config;
        this.clock = clock;
        AtomicInteger number = new AtomicInteger();
        this.executor =
                new ThreadPoolExecutor(THREADS, THREADS, 30, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = new Thread(task, "event-stream-" + number.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
        executor.allowCoreThreadTimeOut(true);
    }

    /** The cursor of a reader who wants what is yet to happen. Blocks for queries. */
    public long now() {
        sequencer.drain();
        return events.head();
    }

    /**
     * A page of events.
     *
     * @param items in order
     * @param next the cursor to continue with, now or when there may be more
     */
    public record Page(List<Event> items, String next) {}

    /**
     * The events after a cursor, at most {@code limit}; whatever was told before is among them. Blocks for queries.
     *
     * @throws BerthException {@code TOO_OLD} if some of them are no longer kept, {@code INVALID_CURSOR}
     */
    public Page page(EventFilter filter, long after, int limit) {
        sequencer.drain();
        return read(filter, after, limit);
    }

    private Page read(EventFilter filter, long after, int limit) {
        long head = events.head();
        requireKept(filter.tenant(), after, head);
        List<Event> found = events.page(filter, after, head, limit);
        // asked once more: what was forgotten in between would be missing
        requireKept(filter.tenant(), after, head);
        long next = found.size() < limit ? head : found.get(found.size() - 1).position();
        return new Page(found, Long.toString(next));
    }

    /** Where a reader of everything that is kept begins. */
    public long oldest(@Nullable TenantId tenant) {
        return events.horizon(tenant);
    }

    /**
     * A stream of the events after a cursor, and of those to come. Blocks for queries; nothing is sent before it is subscribed to.
     *
     * @param drop closes the client's connection, called when it does not read
     * @throws BerthException {@code TOO_OLD}, {@code INVALID_CURSOR}, {@code RATE_LIMITED}
     */
    public EventStream open(EventFilter filter, long after, Runnable drop) {
        requireKept(filter.tenant(), after, events.head());
        EventStream stream = new EventStream(this, filter, after, drop);
        synchronized (this) {
            refuseTooMany(filter.tenant());
            streams.add(stream);
            open.incrementAndGet();
        }
        return stream;
    }

    private void refuseTooMany(@Nullable TenantId tenant) {
        if (closed) {
            throw new BerthException(ErrorCode.UNAVAILABLE, "the server is stopping: connect again in a moment");
        }
        long ofTenant = tenant == null
                ? 0
                : streams.stream()
                        .filter(s -> tenant.equals(s.filter().tenant()))
                        .count();
        if (streams.size() >= config.streams() || ofTenant >= config.streamsPerTenant()) {
            throw new BerthException(
                    ErrorCode.RATE_LIMITED,
                    "too many event streams are open: close some, or follow several things with one");
        }
    }

    private void requireKept(@Nullable TenantId tenant, long after, long head) {
        if (after > head) {
            throw new BerthException(
                    ErrorCode.INVALID_CURSOR,
                    "there is no event " + after + " yet: begin with since=oldest or since=now");
        }
        if (after < events.horizon(tenant)) {
            throw new BerthException(
                    ErrorCode.TOO_OLD,
                    "events after " + after
                            + " are no longer kept: read the things themselves, then continue with since=now");
        }
    }

    /** What a stream is to send next, when it is behind: empty once it follows the others. Blocks for queries. */
    List<Event> readBehind(EventStream stream) {
        while (true) {
            Page page = read(stream.filter(), stream.scanned(), BATCH);
            stream.scannedTo(Long.parseLong(page.next()));
            if (!page.items().isEmpty()) {
                return page.items();
            }
            if (join(stream)) {
                // what happened while nobody was told
                sequencer.wake();
                return List.of();
            }
        }
    }

    private synchronized boolean join(EventStream stream) {
        if (live.isEmpty()) {
            position = Math.max(position, stream.scanned());
        }
        boolean caughtUp = stream.scanned() >= position;
        if (caughtUp) {
            stream.joined();
            live.add(stream);
        }
        return caughtUp;
    }

    synchronized void leaveLive(EventStream stream) {
        live.remove(stream);
    }

    synchronized void closed(EventStream stream) {
        live.remove(stream);
        if (streams.remove(stream)) {
            open.decrementAndGet();
        }
    }

    @Override
    public boolean isWatching() {
        return open.get() > 0;
    }

    @Override
    public void advanced() {
        List<Event> batch;
        do {
            long after;
            synchronized (this) {
                if (live.isEmpty()) {
                    return;
                }
                after = position;
            }
            batch = events.after(after, BATCH);
            deliver(batch);
        } while (batch.size() == BATCH);
    }

    private synchronized void deliver(List<Event> batch) {
        if (!batch.isEmpty()) {
            long upTo = batch.get(batch.size() - 1).position();
            position = Math.max(position, upTo);
            List.copyOf(live).forEach(stream -> stream.offer(batch, upTo));
        }
    }

    Executor executor() {
        return executor;
    }

    Instant time() {
        return clock.instant();
    }

    EventsConfig config() {
        return config;
    }

    /** Signs of life, and the end of those who do not read. */
    @Scheduled(every = "1s", delayed = "1s", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    void lookAfter() {
        List<EventStream> all;
        synchronized (this) {
            all = List.copyOf(streams);
        }
        all.forEach(EventStream::lookAfter);
    }

    /** How many streams there are. */
    public int size() {
        return open.get();
    }

    /** Before requests under way are waited for: these would not end. */
    void onStop(@Observes ShutdownDelayInitiatedEvent event) {
        endAll();
    }

    @PreDestroy
    void endAll() {
        List<EventStream> all;
        synchronized (this) {
            closed = true;
            all = List.copyOf(streams);
        }
        all.forEach(EventStream::end);
        executor.shutdown();
    }
}
