package io.berth.identity.rest;

import io.berth.identity.SessionService.Origin;
import io.vertx.core.http.HttpServerRequest;

/** Where a request comes from. */
final class SignInOrigin {

    private SignInOrigin() {}

    static Origin of(HttpServerRequest http) {
        return new Origin(
                http.remoteAddress() == null ? null : http.remoteAddress().hostAddress(), http.getHeader("User-Agent"));
    }
}
