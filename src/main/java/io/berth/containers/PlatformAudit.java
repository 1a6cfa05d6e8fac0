package io.berth.containers;

import io.berth.audit.AuditEntry;
import io.berth.audit.AuditIntent;
import io.berth.audit.AuditLog;
import io.berth.audit.Outcome;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.util.Map;

/** Tells the audit what the platform does to containers by itself: nobody asked for it now, so nobody else tells. */
@ApplicationScoped
class PlatformAudit {

    private final AuditLog audit;
    private final Clock clock;

    PlatformAudit(AuditLog audit, Clock clock) {
        this.audit = audit;
        this.clock = clock;
    }

    /**
     * Does something and tells of it, and whether it worked.
     *
     * @param action such as {@code container.expire}
     * @throws io.berth.common.BerthException {@code UNAVAILABLE} if it cannot be told: then it is not done
     */
    void record(Container container, String action, Runnable work) {
        AuditEntry.Target target =
                new AuditEntry.Target("container", container.id().value(), container.name());
        AuditIntent intent = audit.begin(
                AuditEntry.of(clock.instant(), AuditEntry.Actor.SYSTEM, container.tenant(), action, target, Map.of()));
        AuditEntry.Result result = new AuditEntry.Result(Outcome.FAILED, null, null);
        try {
            work.run();
            result = AuditEntry.Result.SUCCESS;
        } finally {
            intent.end(target, result, Map.of());
        }
    }
}
