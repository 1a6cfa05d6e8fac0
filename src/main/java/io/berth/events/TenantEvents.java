package io.berth.events;

import io.berth.events.store.EventRepository;
import io.berth.tenants.TenantId;
import io.berth.tenants.TenantParticipant;
import jakarta.enterprise.context.ApplicationScoped;

/** Removes a deleted tenant's events, so that a later one of the same name does not see them. */
@ApplicationScoped
class TenantEvents implements TenantParticipant {

    private final EventRepository events;

    TenantEvents(EventRepository events) {
        this.events = events;
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
