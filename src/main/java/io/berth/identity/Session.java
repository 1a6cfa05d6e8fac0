package io.berth.identity;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Somebody signed in with a browser.
 *
 * @param user who; {@code null} if it was begun with a token
 * @param token the token it was begun with and stands for, {@code null} if it is a user's
 * @param refreshToken the identity provider's, sealed; {@code null} if none is to be asked
 * @param checkedUntil until when the identity provider need not be asked again
 * @param providerSession the identity provider's name for its own session, {@code null} if none is known
 */
public record Session(
        String id,
        @Nullable String user,
        @Nullable String token,
        Instant createdAt,
        Instant lastSeenAt,
        Instant expiresAt,
        @Nullable String sourceAddress,
        @Nullable String userAgent,
        byte @Nullable [] refreshToken,
        @Nullable Instant checkedUntil,
        @Nullable String providerSession) {

    /** When it has to be looked at again. */
    Instant validUntil() {
        return checkedUntil != null && checkedUntil.isBefore(expiresAt) ? checkedUntil : expiresAt;
    }
}
