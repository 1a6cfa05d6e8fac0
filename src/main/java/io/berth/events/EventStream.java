package io.berth.events;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.Flow;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Events as one client gets them: in order, none twice and none left out, as fast as it reads and no faster. One that falls behind the
 * others reads from the database again, so that a slow client costs a bounded queue; one that does not read at all is dropped.
 */
public final class EventStream implements Flow.Publisher<EventStream.Frame> {

    private static final Logger LOG = Logger.getLogger(EventStream.class);
    private static final int QUEUE = 1000;

    private final EventFeed feed;
    private final EventFilter filter;
    private final Runnable drop;
    private final Queue<Event> queue = new ArrayDeque<>();
    /** Calls of {@link #schedule} not yet served; whoever raises it from 0 runs. */
    private final AtomicInteger work = new AtomicInteger();

    private Flow.@Nullable Subscriber<? super Frame> subscriber;
    private long demand;
    /** Everything wanted up to here has been sent, or is in the queue. */
    private long scanned;
    /** Everything wanted up to here has been sent. */
    private long sent;

    private boolean behind = true;
    /** Whether a sign of life is due; the first one tells the client that it is connected. */
    private boolean quiet = true;

    private boolean ended;
    private boolean cancelled;
    private boolean closed;
    private Instant lastSent;
    private Instant lastDemand;

    /**
     * A part of the stream.
     *
     * @param cursor everything up to here has been sent
     * @param event {@code null} is a sign of life
     */
    public record Frame(long cursor, @Nullable Event event) {}

    EventStream(EventFeed feed, EventFilter filter, long after, Runnable drop) {
        this.feed = feed;
        this.filter = filter;
        this.drop = drop;
        this.scanned = after;
        this.sent = after;
        this.lastSent = feed.time();
        this.lastDemand = feed.time();
    }

    @Override
    public void subscribe(Flow.Subscriber<? super Frame> reader) {
        synchronized (this) {
            subscriber = reader;
        }
        reader.onSubscribe(new Flow.Subscription() {
            @Override
            public void request(long n) {
                more(n);
            }

            @Override
            public void cancel() {
                cancelNow();
            }
        });
        schedule();
    }

    EventFilter filter() {
        return filter;
    }

    synchronized long scanned() {
        return scanned;
    }

    synchronized void scannedTo(long position) {
        scanned = position;
    }

    /** From now on it follows the others. */
    synchronized void joined() {
        behind = false;
    }

    /** Takes what happened; called by the feed while the stream follows the others. */
    void offer(List<Event> batch, long upTo) {
        boolean overflow;
        synchronized (this) {
            overflow = queue.size() + batch.size() > QUEUE;
            if (overflow) {
                // what is left out here is read again later
                queue.clear();
                scanned = sent;
                behind = true;
            } else {
                batch.stream()
                        .filter(event -> event.position() > scanned && filter.matches(event))
                        .forEach(queue::add);
                scanned = Math.max(scanned, upTo);
            }
        }
        if (overflow) {
            feed.leaveLive(this);
        }
        schedule();
    }

    /** Events that wait for the client, at most {@value #QUEUE} and what one query found. */
    synchronized int queued() {
        return queue.size();
    }

    /** Ends the stream in good order. */
    void end() {
        synchronized (this) {
            ended = true;
        }
        schedule();
    }

    /** A sign of life when it is due; the end when its client does not read. */
    void lookAfter() {
        Instant now = feed.time();
        boolean stalled;
        synchronized (this) {
            stalled = demand == 0 && isPast(lastDemand, feed.config().stalled(), now);
            quiet = quiet || isPast(lastSent, feed.config().heartbeat(), now);
        }
        if (stalled) {
            cancelNow();
            drop.run();
        } else {
            schedule();
        }
    }

    private static boolean isPast(Instant since, Duration time, Instant now) {
        return Duration.between(since, now).compareTo(time) >= 0;
    }

    private void more(long n) {
        synchronized (this) {
            demand = demand + n < 0 ? Long.MAX_VALUE : demand + n;
            lastDemand = feed.time();
        }
        schedule();
    }

    private void cancelNow() {
        synchronized (this) {
            cancelled = true;
        }
        schedule();
    }

    private void schedule() {
        if (work.getAndIncrement() == 0) {
            try {
                feed.executor().execute(this::run);
            } catch (RejectedExecutionException stopping) {
                close();
            }
        }
    }

    private void run() {
        int served;
        do {
            served = work.get();
            try {
                boolean more;
                do {
                    more = step();
                } while (more);
            } catch (RuntimeException e) {
                LOG.debugf("an event stream ends: %s", e.toString());
                end();
            }
        } while (work.addAndGet(-served) > 0);
    }

    /** Sends one frame; returns whether another may follow. */
    private boolean step() {
        Frame frame = null;
        boolean read = false;
        boolean stop;
        synchronized (this) {
            stop = cancelled || ended;
            if (!stop && !closed && subscriber != null && demand > 0) {
                frame = nextFrame();
                read = frame == null && behind;
            }
        }
        if (stop) {
            finish();
            return false;
        }
        if (frame != null) {
            Objects.requireNonNull(subscriber).onNext(frame);
            return true;
        }
        return read && readBehind();
    }

    private @Nullable Frame nextFrame() {
        Event event = queue.poll();
        if (event == null && !quiet) {
            return null;
        }
        if (event != null) {
            sent = event.position();
        } else if (!behind) {
            sent = scanned;
        }
        if (demand != Long.MAX_VALUE) {
            demand--;
        }
        quiet = false;
        lastSent = feed.time();
        lastDemand = lastSent;
        return new Frame(sent, event);
    }

    private boolean readBehind() {
        List<Event> events = feed.readBehind(this);
        synchronized (this) {
            queue.addAll(events);
            return !queue.isEmpty() || quiet;
        }
    }

    private void finish() {
        boolean orderly;
        synchronized (this) {
            orderly = !cancelled;
        }
        Flow.Subscriber<? super Frame> reader = close();
        if (reader != null && orderly) {
            reader.onComplete();
        }
    }

    /** @return the subscriber, the first time */
    private Flow.@Nullable Subscriber<? super Frame> close() {
        feed.closed(this);
        synchronized (this) {
            boolean first = !closed;
            closed = true;
            queue.clear();
            return first ? subscriber : null;
        }
    }
}
