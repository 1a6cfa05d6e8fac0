package io.berth.identity;

import io.vertx.core.http.HttpServerRequest;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/** Signing in at an identity provider, with a browser. Methods may block. */
public interface BrowserSignIn {

    /** Whether there is an identity provider that browsers can be sent to. */
    boolean isEnabled();

    /**
     * Where to send the browser to; has it remember, in a cookie, what to come back with.
     *
     * @throws io.berth.common.BerthException {@code NOT_FOUND} if there is no provider, {@code UNAVAILABLE} if it does not answer
     */
    URI begin(HttpServerRequest request);

    /**
     * Who has come back.
     *
     * @throws io.berth.common.BerthException {@code SIGN_IN_FAILED} if it is not the browser that was sent, or the provider or Berth
     *     does not let the user in; {@code UNAVAILABLE}
     */
    ExternalTokens.Verified complete(
            HttpServerRequest request, @Nullable String code, @Nullable String state, @Nullable String error);
}
