package io.berth.identity;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What an identity provider sends when somebody is signed out there.
 *
 * @see <a href="https://openid.net/specs/openid-connect-backchannel-1_0.html">OpenID Connect Back-Channel Logout 1.0</a>
 */
public interface LogoutTokens {

    /**
     * Verifies a logout token and acts on it. A token is good once; if acting on it fails, it may be shown again. Blocks, since the
     * provider may be asked for its keys.
     *
     * @param act ends what the token says has ended
     * @throws io.berth.common.BerthException {@code NOT_FOUND} if there is no provider, {@code BAD_REQUEST} if the token is not good,
     *     {@code UNAVAILABLE} if the provider is needed and does not answer
     */
    void accept(@Nullable String token, Consumer<ProviderLogout> act);

    /**
     * Who was signed out at the provider.
     *
     * @param issuer the provider
     * @param subject the user as the provider knows it; {@code null} if it names a session only
     * @param session the provider's session, which is one browser's; {@code null} is all of the user's
     */
    record ProviderLogout(
            String issuer,
            @Nullable String subject,
            @Nullable String session) {

        public ProviderLogout {
            if (subject == null && session == null) {
                throw new IllegalArgumentException("a logout is a user's or a session's");
            }
        }
    }
}
