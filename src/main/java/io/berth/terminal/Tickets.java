package io.berth.terminal;

import io.berth.common.BerthException;
import io.berth.common.ErrorCode;
import jakarta.enterprise.context.ApplicationScoped;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Tickets that were issued and not yet used. They live for 30 s, in memory only. */
@ApplicationScoped
public class Tickets {

    static final Duration LIFE = Duration.ofSeconds(30);

    private static final int MOST = 10_000;
    private static final int BYTES = 24;

    private final Clock clock;
    private final SecureRandom random = new SecureRandom();
    /** Oldest first, since all live equally long. */
    private final Map<String, Entry> issued = new LinkedHashMap<>();

    private record Entry(Ticket ticket, Instant until) {}

    /** A ticket's text, and when it ends. */
    record Issued(String value, Instant until) {}

    Tickets(Clock clock) {
        this.clock = clock;
    }

    Issued issue(Ticket ticket) {
        byte[] bytes = new byte[BYTES];
        random.nextBytes(bytes);
        String value = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        Instant until = clock.instant().plus(LIFE);
        synchronized (issued) {
            dropOld();
            if (issued.size() >= MOST) {
                throw new BerthException(
                        ErrorCode.RATE_LIMITED, "there are " + MOST + " unused tickets: try again in a few seconds");
            }
            issued.put(value, new Entry(ticket, until));
        }
        return new Issued(value, until);
    }

    /** The ticket of that text, which is used up by this. */
    Optional<Ticket> redeem(String value) {
        synchronized (issued) {
            dropOld();
            return Optional.ofNullable(issued.remove(value)).map(Entry::ticket);
        }
    }

    private void dropOld() {
        Instant now = clock.instant();
        issued.values().removeIf(entry -> !now.isBefore(entry.until()));
    }
}
