package io.berth.identity;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Tokens that an identity provider has made. Methods may block for it. */
public interface ExternalTokens {

    /** Whether there is an identity provider, and the text looks like a token of it. */
    boolean handles(String token);

    /**
     * The user a token is for, who is provisioned if need be; empty if the token is not good, or the user may not come in.
     *
     * @throws io.berth.common.BerthException {@code UNAVAILABLE} if the provider is needed and does not answer
     */
    Optional<Verified> verify(String token);

    /**
     * Asks the provider for a new token of a user who is signed in; empty if it refuses.
     *
     * @throws io.berth.common.BerthException {@code UNAVAILABLE}
     */
    Optional<Verified> refresh(String refreshToken);

    /**
     * A user as the provider vouches for it.
     *
     * @param refreshToken to ask again with, {@code null} if the provider gave none
     * @param session the provider's name for the session that was begun there, {@code null} if it tells none
     */
    record Verified(
            User user,
            Instant validUntil,
            @Nullable String refreshToken,
            @Nullable String session) {}
}
