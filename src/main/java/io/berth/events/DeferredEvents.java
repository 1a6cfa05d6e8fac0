package io.berth.events;

import io.berth.tenants.TenantId;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.runtime.ShutdownEvent;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Tells what happens to things that have no row in the database, and so no transaction to be told in. Costs the caller nothing:
 * a moment later one transaction writes all there is. What a crash of the server cuts off is not told.
 */
@ApplicationScoped
public class DeferredEvents {

    private static final Logger LOG = Logger.getLogger(DeferredEvents.class);
    private static final int WAITING = 10_000;
    private static final int AT_ONCE = 500;
    /** What happens to execs is written together with what follows within this time. */
    private static final long GATHER_NANOS = 15_000_000;

    private static final long STOP_MILLIS = 2000;

    private final EventLog log;
    private final BlockingQueue<Told> waiting = new LinkedBlockingQueue<>(WAITING);
    private final Thread thread = new Thread(this::run, "deferred-events");
    private boolean started;
    private volatile boolean stopping;

    private record Told(TenantId tenant, EventDraft event) {}

    DeferredEvents(EventLog log) {
        this.log = log;
        thread.setDaemon(true);
    }

    /** Tells it soon, in the order of the calls. Never blocks; if the database cannot keep up for long, it is not told. */
    public void append(TenantId tenant, String type, String object, Map<String, ?> data) {
        if (!waiting.offer(new Told(tenant, new EventDraft(type, object, data)))) {
            LOG.warnf("%s of %s could not be told: the database does not keep up", type, object);
        }
        start();
    }

    private synchronized void start() {
        if (!started) {
            started = true;
            thread.start();
        }
    }

    @SuppressWarnings("CatchingUnchecked") // the next events must be told though these could not be
    private void run() {
        List<Told> batch = new ArrayList<>();
        while (!stopping || !waiting.isEmpty()) {
            try {
                Told first = waiting.poll(100, TimeUnit.MILLISECONDS);
                if (first != null) {
                    gather(first, batch);
                    write(batch);
                }
            } catch (InterruptedException e) {
                return;
            } catch (Exception e) {
                LOG.warnf("%d events could not be told: %s", batch.size(), e.toString());
            } finally {
                batch.clear();
            }
        }
    }

    /** What happens to a container waits for nothing: its row's changes are told at once, too. */
    private void gather(Told first, List<Told> batch) throws InterruptedException {
        long deadline = System.nanoTime() + GATHER_NANOS;
        Told next = first;
        while (next != null) {
            batch.add(next);
            boolean enough =
                    stopping || batch.size() >= AT_ONCE || next.event().type().startsWith("container.");
            next = enough ? null : waiting.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
        }
        waiting.drainTo(batch, AT_ONCE);
    }

    private void write(List<Told> batch) {
        Map<TenantId, List<EventDraft>> byTenant = new LinkedHashMap<>();
        batch.forEach(told -> byTenant.computeIfAbsent(told.tenant(), tenant -> new ArrayList<>())
                .add(told.event()));
        QuarkusTransaction.requiringNew().run(() -> byTenant.forEach(log::append));
    }

    void onStop(@Observes ShutdownEvent event) throws InterruptedException {
        finish();
    }

    @PreDestroy
    void finish() throws InterruptedException {
        stopping = true;
        thread.join(STOP_MILLIS);
        thread.interrupt();
    }
}
