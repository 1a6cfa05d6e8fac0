package io.berth.terminal;

import io.berth.api.auth.Principal;
import io.berth.tenants.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Issues tickets for streams. */
@ApplicationScoped
public class TicketService {

    private final Tickets tickets;
    private final StreamTargets targets;

    TicketService(Tickets tickets, StreamTargets targets) {
        this.tickets = tickets;
        this.targets = targets;
    }

    /** A ticket's text, and when it ends. */
    public record IssuedTicket(String ticket, Instant expiresAt) {}

    /**
     * A ticket for one process, good for one connection within 30 s. Blocks. The caller has checked that the principal may use
     * the tenant's containers.
     *
     * @param exec {@code null} is the main process
     * @throws io.berth.common.BerthException {@code CONTAINER_NOT_FOUND}, {@code EXEC_NOT_FOUND}, {@code RATE_LIMITED}
     */
    public IssuedTicket issue(
            Principal principal, TenantId tenant, String container, @Nullable String exec, Role role) {
        StreamTarget target = targets.find(tenant, container, exec).target();
        Tickets.Issued issued = tickets.issue(new Ticket(principal, target, role));
        return new IssuedTicket(issued.value(), issued.until());
    }
}
