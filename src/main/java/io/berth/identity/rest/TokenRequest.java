package io.berth.identity.rest;

import io.berth.common.BerthException;
import io.berth.common.Texts;
import io.berth.identity.NewToken;
import io.berth.tenants.Role;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The token that is asked for.
 *
 * @param ttl until it expires; instead of {@code expiresAt}
 */
public record TokenRequest(
        @NotBlank @Size(max = 100) String name,
        @Nullable Role role,
        @Nullable @Size(max = 100) List<String> scopes,
        @Nullable Instant expiresAt,
        @Nullable Duration ttl) {

    private static final Duration LONGEST = Duration.ofDays(3650);

    NewToken parse(Clock clock) {
        if (!Texts.isPassable(name)) {
            throw BerthException.invalidField("/name", "has characters that cannot be kept");
        }
        Instant now = clock.instant();
        Instant end = expiresAt;
        if (ttl != null) {
            if (expiresAt != null) {
                throw BerthException.invalidField("/ttl", "give either 'ttl' or 'expiresAt'");
            }
            if (ttl.isZero() || ttl.isNegative() || ttl.compareTo(LONGEST) > 0) {
                throw BerthException.invalidField("/ttl", "must be 1 s to 3650 d; leave it out for a token that stays");
            }
            end = now.plus(ttl);
        }
        if (end != null && end.isAfter(now.plus(LONGEST).plus(1, ChronoUnit.DAYS))) {
            throw BerthException.invalidField(
                    "/expiresAt", "is more than ten years away; leave it out for a token that stays");
        }
        return new NewToken(name.strip(), role, scopes, end == null ? null : end.truncatedTo(ChronoUnit.MILLIS));
    }
}
