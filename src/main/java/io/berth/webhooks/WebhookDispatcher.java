package io.berth.webhooks;

import io.berth.common.BerthException;
import io.berth.webhooks.store.DeliveryRepository;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.PreDestroy;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Clock;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jboss.logging.Logger;

/**
 * Makes the deliveries that are due: one at a time for a webhook, some at a time for a tenant, so that a receiver that does not answer
 * holds up its own tenant at most. What is to be done is in the database; a crash leaves it there.
 */
@ApplicationScoped
class WebhookDispatcher {

    private static final Logger LOG = Logger.getLogger(WebhookDispatcher.class);
    private static final int UNDER_WAY = 64;
    private static final long POLL_MILLIS = 1000;

    private final DeliveryRepository deliveries;
    private final DeliveryRecorder recorder;
    private final WebhookSender sender;
    private final WebhookSecrets secrets;
    private final WebhooksConfig config;
    private final Clock clock;
    private final Semaphore wakeups = new Semaphore(0);
    private final Set<String> busyWebhooks = new HashSet<>();
    private final Map<String, Integer> busyTenants = new HashMap<>();
    private final Thread thread = new Thread(this::run, "webhook-dispatcher");
    private final ThreadPoolExecutor senders;
    private volatile boolean stopped;

    WebhookDispatcher(
            DeliveryRepository deliveries,
            DeliveryRecorder recorder,
            WebhookSender sender,
            WebhookSecrets secrets,
            WebhooksConfig config,
            Clock clock) {
        this.deliveries = deliveries;
        this.recorder = recorder;
        this.sender = sender;
        this.secrets = secrets;
        this.config = config;
        this.clock = clock;
        AtomicInteger number = new AtomicInteger();
        this.senders = new ThreadPoolExecutor(0, UNDER_WAY, 30, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> {
            Thread made = new Thread(task, "webhook-sender-" + number.incrementAndGet());
            made.setDaemon(true);
            return made;
        });
        thread.setDaemon(true);
    }

    void onStart(@Observes @Priority(400) StartupEvent event) {
        thread.start();
    }

    /** Something may be due. Never blocks. */
    void wake() {
        wakeups.release();
    }

    @SuppressWarnings("CatchingUnchecked") // a database that is away for a while must not end the thread
    private void run() {
        while (!stopped) {
            try {
                boolean unused = wakeups.tryAcquire(POLL_MILLIS, TimeUnit.MILLISECONDS);
                wakeups.drainPermits();
                dispatch();
            } catch (InterruptedException e) {
                return;
            } catch (Exception e) {
                if (!stopped) {
                    LOG.warnf("webhooks cannot be delivered at the moment: %s", e.toString());
                }
            }
        }
    }

    private void dispatch() {
        Set<String> webhooks;
        List<String> tenants;
        synchronized (this) {
            webhooks = Set.copyOf(busyWebhooks);
            tenants = busyTenants.entrySet().stream()
                    .filter(entry -> entry.getValue() >= config.concurrentPerTenant())
                    .map(Map.Entry::getKey)
                    .toList();
        }
        int room = UNDER_WAY - webhooks.size();
        if (room > 0) {
            for (DueDelivery due : deliveries.due(clock.instant(), webhooks, tenants, room)) {
                if (begin(due)) {
                    senders.execute(() -> attempt(due));
                }
            }
        }
    }

    private synchronized boolean begin(DueDelivery due) {
        String tenant = due.webhook().tenant().value();
        boolean free = busyTenants.getOrDefault(tenant, 0) < config.concurrentPerTenant()
                && busyWebhooks.size() < UNDER_WAY
                && busyWebhooks.add(due.webhook().id());
        if (free) {
            busyTenants.merge(tenant, 1, Integer::sum);
        }
        return free;
    }

    private synchronized void end(DueDelivery due) {
        busyWebhooks.remove(due.webhook().id());
        busyTenants.computeIfPresent(due.webhook().tenant().value(), (tenant, n) -> n == 1 ? null : n - 1);
    }

    @SuppressWarnings("CatchingUnchecked") // it stays due, and is tried again
    private void attempt(DueDelivery due) {
        try {
            recorder.record(due, send(due));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            if (!stopped) {
                LOG.errorf(
                        e,
                        "delivery %s to webhook %s broke off",
                        due.id(),
                        due.webhook().id());
                pause();
            }
        } finally {
            end(due);
            wake();
        }
    }

    private DueDelivery.Outcome send(DueDelivery due) throws InterruptedException {
        WebhookSecret secret;
        try {
            secret = secrets.open(due.webhook());
        } catch (BerthException unreadable) {
            return new DueDelivery.Outcome(null, 0, String.valueOf(unreadable.getMessage()));
        }
        return sender.send(due.webhook().url(), due.eventId(), due.payload(), secret);
    }

    /** What cannot even be written down must not be tried as fast as it fails. */
    private static void pause() {
        try {
            Thread.sleep(POLL_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
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
        senders.shutdownNow();
        thread.join(TimeUnit.SECONDS.toMillis(2));
        boolean unused = senders.awaitTermination(2, TimeUnit.SECONDS);
    }
}
