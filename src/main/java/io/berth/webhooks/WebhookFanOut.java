package io.berth.webhooks;

import io.berth.events.EventWatcher;
import io.berth.webhooks.store.DeliveryRepository;
import io.berth.webhooks.store.WebhookRepository;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.scheduler.Scheduled;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Clock;

/** Turns events into deliveries. */
@ApplicationScoped
class WebhookFanOut implements EventWatcher {

    private final WebhookRepository webhooks;
    private final DeliveryRepository deliveries;
    private final WebhookDispatcher dispatcher;
    private final Clock clock;
    private volatile boolean wanted;

    WebhookFanOut(
            WebhookRepository webhooks, DeliveryRepository deliveries, WebhookDispatcher dispatcher, Clock clock) {
        this.webhooks = webhooks;
        this.deliveries = deliveries;
        this.dispatcher = dispatcher;
        this.clock = clock;
    }

    void onStart(@Observes @Priority(140) StartupEvent event) {
        lookAgain();
    }

    /** Whether anything is wanted at all: to be called when webhooks have changed. */
    @Scheduled(every = "30s", delayed = "30s")
    void lookAgain() {
        wanted = webhooks.anyEnabled();
    }

    @Override
    public boolean isWatching() {
        return wanted;
    }

    @Override
    public void advanced() {
        if (!wanted) {
            return;
        }
        int events;
        boolean any = false;
        do {
            events = deliveries.fanOut(clock.instant());
            any |= events > 0;
        } while (events == DeliveryRepository.BATCH);
        if (any) {
            dispatcher.wake();
        }
    }
}
