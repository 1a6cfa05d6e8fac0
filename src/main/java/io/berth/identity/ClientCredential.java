package io.berth.identity;

import io.quarkus.security.identity.request.AuthenticationRequest;
import io.quarkus.security.identity.request.BaseAuthenticationRequest;

/** What a client shows of itself: a token, or the cookie of a session. */
final class ClientCredential extends BaseAuthenticationRequest implements AuthenticationRequest {

    /** What sort it is. */
    enum Kind {
        TOKEN,
        SESSION
    }

    private final Kind kind;
    private final String value;

    ClientCredential(Kind kind, String value) {
        this.kind = kind;
        this.value = value;
    }

    Kind kind() {
        return kind;
    }

    String value() {
        return value;
    }
}
