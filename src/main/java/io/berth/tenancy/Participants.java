package io.berth.tenancy;

import io.berth.tenants.SuspendMode;
import io.berth.tenants.TenantId;
import io.berth.tenants.TenantParticipant;
import io.quarkus.arc.All;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Comparator;
import java.util.List;
import org.jboss.logging.Logger;

/** Everybody who has something of tenants, in the order in which they let go of it. */
@ApplicationScoped
class Participants {

    private static final Logger LOG = Logger.getLogger(Participants.class);

    private final List<TenantParticipant> inOrder;

    Participants(@All List<TenantParticipant> all) {
        this.inOrder = all.stream()
                .sorted(Comparator.comparingInt(TenantParticipant::order))
                .toList();
    }

    List<TenantParticipant> inOrder() {
        return inOrder;
    }

    @SuppressWarnings("CatchingUnchecked") // the tenant is there, and of use without what one of them adds
    void created(TenantId tenant) {
        for (TenantParticipant participant : inOrder) {
            try {
                participant.created(tenant);
            } catch (RuntimeException e) {
                LOG.warnf(e, "tenant %s: could not prepare its %s", tenant, participant.subject());
            }
        }
    }

    void suspend(TenantId tenant, SuspendMode mode) {
        inOrder.forEach(participant -> participant.suspend(tenant, mode));
    }

    void resume(TenantId tenant) {
        inOrder.forEach(participant -> participant.resume(tenant));
    }
}
