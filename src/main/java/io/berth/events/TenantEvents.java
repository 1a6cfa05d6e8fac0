package io.berth.events;

import io.berth.events.store.EventRepository;
import io.berth.tenants.TenantId;
import io.berth.tenants.TenantParticipant;
import io.berth.tenants.quota.QuotaChanged;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.Map;

/**
 * Tells of changed quotas, which the feature that keeps them cannot, and removes a deleted tenant's events, so that a later one of
 * the same name does not see them.
 */
@ApplicationScoped
class TenantEvents implements TenantParticipant {

    private final EventRepository events;
    private final EventLog log;

    TenantEvents(EventRepository events, EventLog log) {
        this.events = events;
        this.log = log;
    }

    void onQuota(@Observes QuotaChanged change) {
        TenantId tenant = change.tenant();
        log.append(
                tenant,
                "tenant.quotaChanged",
                tenant.value(),
                Map.of("version", change.quota().version()));
    }

    @Override
    public int order() {
        return Order.RECORDS;
    }

    @Override
    public String subject() {
        return "events";
    }

    @Override
    public void delete(TenantId tenant) {
        events.deleteAll(tenant);
    }
}
