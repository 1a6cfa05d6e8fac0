package io.berth.events;

import io.berth.events.store.EventRepository;
import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Instant;

/** Forgets events that are too old, or too many of one tenant; where a stream could continue from is remembered. */
@ApplicationScoped
class EventRetention {

    private static final int AT_ONCE = 10_000;

    private final EventRepository events;
    private final EventsConfig config;
    private final Clock clock;

    EventRetention(EventRepository events, EventsConfig config, Clock clock) {
        this.events = events;
        this.config = config;
        this.clock = clock;
    }

    @Scheduled(every = "10m", delayed = "3m", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    void forget() {
        Instant oldest = clock.instant().minus(config.kept());
        int deleted;
        do {
            deleted = events.deleteBefore(oldest, AT_ONCE);
        } while (deleted == AT_ONCE);
        int unused = events.deleteSurplus(config.keptPerTenant());
    }
}
