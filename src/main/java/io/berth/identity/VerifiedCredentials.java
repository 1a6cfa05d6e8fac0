package io.berth.identity;

import io.berth.api.auth.CredentialRevoked;
import io.berth.api.auth.Principal;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Credentials that were good a moment ago, so that most requests need no query. Whoever changes what somebody may do has it forgotten;
 * a verification that was under way meanwhile is not remembered.
 */
@ApplicationScoped
public class VerifiedCredentials {

    private static final Duration REMEMBERED = Duration.ofSeconds(30);
    private static final int REMEMBERED_AT_MOST = 10_000;

    private final Clock clock;
    private final Map<TokenHash, Verified> verified = new ConcurrentHashMap<>();
    private final AtomicLong changes = new AtomicLong();

    private record Verified(Principal principal, Instant until) {}

    VerifiedCredentials(Clock clock) {
        this.clock = clock;
    }

    /** Never blocks. */
    Optional<Principal> find(TokenHash hash) {
        Verified entry = verified.get(hash);
        return entry != null && clock.instant().isBefore(entry.until())
                ? Optional.of(entry.principal())
                : Optional.empty();
    }

    /** What is remembered, or what the verification finds out now. */
    Optional<Principal> findOr(TokenHash hash, Supplier<Optional<Principal>> verification) {
        Optional<Principal> remembered = find(hash);
        if (remembered.isPresent()) {
            return remembered;
        }
        long before = changes.get();
        Optional<Principal> principal = verification.get();
        principal.ifPresent(found -> remember(hash, found, before));
        return principal;
    }

    private void remember(TokenHash hash, Principal principal, long before) {
        Instant until = clock.instant().plus(REMEMBERED);
        Instant end = principal.validUntil();
        if (end != null && end.isBefore(until)) {
            until = end;
        }
        if (verified.size() >= REMEMBERED_AT_MOST) {
            verified.clear();
        }
        Verified entry = new Verified(principal, until);
        verified.put(hash, entry);
        if (changes.get() != before) {
            verified.remove(hash, entry);
        }
    }

    /** After the user may do something it might not before. */
    void forgetUser(String user) {
        forget(principal -> user.equals(principal.user()));
    }

    void onRevoked(@Observes @Priority(1000) CredentialRevoked revoked) {
        forget(revoked::concerns);
    }

    private void forget(Predicate<Principal> changed) {
        changes.incrementAndGet();
        verified.values().removeIf(entry -> changed.test(entry.principal()));
    }
}
