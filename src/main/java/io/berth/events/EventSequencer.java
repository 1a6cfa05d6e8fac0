package io.berth.events;

import io.berth.events.store.OutboxRepository;
import io.quarkus.arc.All;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.PreDestroy;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Gives committed events their positions, one batch after the other, and tells the watchers. Transactions commit in another order than
 * they took their numbers in, so a reader of the outbox itself would pass over those that commit late; here a position is
 * given only to what is committed, by one at a time, and durably before anyone sees it.
 */
@ApplicationScoped
class EventSequencer {

    private static final Logger LOG = Logger.getLogger(EventSequencer.class);
    /** Between two batches, so that a storm of changes is told in batches rather than one by one. */
    private static final long PAUSE_MILLIS = 3;

    private final OutboxRepository outbox;
    private final List<EventWatcher> watchers;
    private final EventsConfig config;
    private final Semaphore wakeups = new Semaphore(0);
    private final Set<String> released = ConcurrentHashMap.newKeySet();
    private final Thread thread = new Thread(this::run, "event-sequencer");
    private volatile boolean stopped;

    EventSequencer(OutboxRepository outbox, @All List<EventWatcher> watchers, EventsConfig config) {
        this.outbox = outbox;
        this.watchers = watchers;
        this.config = config;
        thread.setDaemon(true);
    }

    /** Before anything can change: what a crash left held is told now. */
    void onStart(@Observes @Priority(150) StartupEvent event) {
        outbox.releaseAll();
        thread.start();
    }

    /** There may be something in the outbox. Never blocks. */
    void wake() {
        if (watchers.stream().anyMatch(EventWatcher::isWatching)) {
            wakeups.release();
        }
    }

    void release(String object) {
        released.add(object);
        wake();
    }

    @SuppressWarnings("CatchingUnchecked") // a database that is away for a while must not end the thread
    private void run() {
        while (!stopped) {
            try {
                boolean unused = wakeups.tryAcquire(config.poll().toMillis(), TimeUnit.MILLISECONDS);
                wakeups.drainPermits();
                drain();
                Thread.sleep(PAUSE_MILLIS);
            } catch (InterruptedException e) {
                return;
            } catch (Exception e) {
                if (!stopped) {
                    LOG.warnf("events cannot be sequenced at the moment: %s", e.toString());
                }
            }
        }
    }

    /** Sequences what is in the outbox. Blocks; also to be called by those who cannot wait for their turn. */
    synchronized void drain() {
        boolean more = true;
        while (more && !stopped) {
            Set<String> told = new HashSet<>(released);
            int moved = outbox.sequence(told);
            more = moved == OutboxRepository.BATCH;
            if (!more) {
                released.removeAll(told);
            }
            watchers.forEach(EventWatcher::advanced);
        }
    }

    /** Before the database goes. */
    void onStop(@Observes ShutdownEvent event) throws InterruptedException {
        stop();
    }

    @PreDestroy
    void stop() throws InterruptedException {
        stopped = true;
        thread.interrupt();
        thread.join(TimeUnit.SECONDS.toMillis(5));
    }
}
