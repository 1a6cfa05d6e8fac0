package io.berth.terminal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.berth.common.BerthException;
import io.berth.engine.ContainerId;
import io.berth.tenants.TenantId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class TicketsTest {

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
    private final InstantSource source = now::get;
    private final Clock clock = source.withZone(ZoneOffset.UTC);
    private final Tickets tickets = new Tickets(clock);
    private final Ticket ticket = new Ticket(
            StreamServer.OWNER, new StreamTarget(TenantId.DEFAULT, new ContainerId("c1"), null), Role.VIEWER);

    @Test
    void isGoodOnce() {
        String value = tickets.issue(ticket).value();
        assertThat(tickets.redeem(value)).contains(ticket);
        assertThat(tickets.redeem(value)).isEmpty();
    }

    @Test
    void isGoodForHalfAMinute() {
        Tickets.Issued issued = tickets.issue(ticket);
        assertThat(issued.until()).isEqualTo(Instant.EPOCH.plusSeconds(30));
        now.set(Instant.EPOCH.plus(Duration.ofSeconds(30)));
        assertThat(tickets.redeem(issued.value())).isEmpty();
    }

    @Test
    void cannotBeMadeUp() {
        assertThat(tickets.redeem("")).isEmpty();
        assertThat(tickets.issue(ticket).value())
                .hasSize(32)
                .isNotEqualTo(tickets.issue(ticket).value());
    }

    @Test
    void areBoundedInNumber() {
        for (int i = 0; i < 10_000; i++) {
            tickets.issue(ticket);
        }
        assertThatThrownBy(() -> tickets.issue(ticket)).isInstanceOf(BerthException.class);
        now.set(Instant.EPOCH.plusSeconds(31));
        tickets.issue(ticket);
    }
}
