package io.berth.webhooks;

import io.berth.events.EventLog;
import io.berth.webhooks.store.DeliveryRepository;
import io.berth.webhooks.store.WebhookRepository;
import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Writes down what came of deliveries, and disables webhooks that nothing comes of. */
@ApplicationScoped
class DeliveryRecorder {

    private static final Logger LOG = Logger.getLogger(DeliveryRecorder.class);
    /** A receiver says with it that it is no more (Standard Webhooks). */
    private static final int GONE = 410;

    private final WebhookRepository webhooks;
    private final DeliveryRepository deliveries;
    private final EventLog events;
    private final WebhooksConfig config;
    private final RetrySchedule retries;
    private final Clock clock;

    DeliveryRecorder(
            WebhookRepository webhooks,
            DeliveryRepository deliveries,
            EventLog events,
            WebhooksConfig config,
            Clock clock) {
        this.webhooks = webhooks;
        this.deliveries = deliveries;
        this.events = events;
        this.config = config;
        this.clock = clock;
        this.retries =
                new RetrySchedule(config, () -> ThreadLocalRandom.current().nextDouble());
    }

    @Transactional
    void record(DueDelivery due, DueDelivery.Outcome outcome) {
        Instant now = clock.instant();
        Integer code = outcome.responseCode();
        boolean gone = code != null && code == GONE;
        Instant next = outcome.succeeded() || due.manual() || gone
                ? null
                : retries.next(due.attempts() + 1, due.createdAt(), now).orElse(null);
        deliveries.attempted(due, outcome, next, now);
        if (outcome.succeeded()) {
            webhooks.succeeded(due.webhook().id(), now);
        } else if (next == null && !due.manual() && (gone || nothingArrivedSince(due))) {
            disable(
                    due.webhook(),
                    gone ? "the receiver answered 410 Gone" : "nothing has arrived for too long: " + outcome.error());
        }
    }

    private static boolean nothingArrivedSince(DueDelivery due) {
        @Nullable Instant last = due.webhook().lastSuccessAt();
        return last == null || last.isBefore(due.createdAt());
    }

    private void disable(Webhook webhook, String why) {
        if (webhooks.disable(webhook.id(), why)) {
            deliveries.giveUp(webhook.id(), "the webhook was disabled: " + why, clock.instant());
            events.append(
                    webhook.tenant(),
                    "webhook.disabled",
                    webhook.id(),
                    Map.of("url", webhook.url().toString(), "reason", why));
            LOG.infof("webhook %s of tenant %s is disabled: %s", webhook.id(), webhook.tenant(), why);
        }
    }

    /** Keeps what is yet to be delivered bounded. */
    @Scheduled(every = "1m", delayed = "1m", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    @Transactional
    void disableBacklogged() {
        webhooks.backlogged(config.backlog())
                .forEach(webhook -> disable(webhook, config.backlog() + " events were not delivered"));
    }

    @Scheduled(every = "10m", delayed = "4m", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    void forgetOld() {
        deliveries.forget(clock.instant().minus(config.logKept()), config.logEntries());
    }
}
