package io.berth.identity.store;

import io.berth.identity.User;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A user as the identity provider says it is.
 *
 * @param name wished for; another user may have it
 * @param at when it said so
 */
public record ProvidedUser(
        String issuer,
        String subject,
        String name,
        @Nullable String displayName,
        @Nullable String email,
        boolean admin,
        Instant at) {

    /**
     * @param isNewest whether nothing newer is known, so that what was said is now so
     * @param wasAdmin whether it administered the platform before
     */
    public record Found(User user, boolean isNewest, boolean wasAdmin) {}
}
