package io.berth.identity;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A stored user.
 *
 * @param name unique; what people call it by
 * @param issuer of the identity provider it came from, {@code null} if it is built in
 * @param admin whether it administers the platform by an administrator's decision
 * @param providerAdmin whether it does so by the identity provider's
 */
public record User(
        String id,
        String name,
        String displayName,
        @Nullable String email,
        @Nullable String issuer,
        boolean admin,
        boolean providerAdmin,
        boolean disabled,
        Instant createdAt,
        @Nullable Instant lastSeenAt) {

    /** Whether it administers the platform. */
    public boolean isAdministrator() {
        return admin || providerAdmin;
    }
}
