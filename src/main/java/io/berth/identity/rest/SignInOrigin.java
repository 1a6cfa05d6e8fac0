package io.berth.identity.rest;

import io.berth.api.http.ClientAddress;
import io.berth.identity.SessionService.Origin;
import io.vertx.core.http.HttpServerRequest;

/** Where a request comes from. */
final class SignInOrigin {

    private SignInOrigin() {}

    static Origin of(HttpServerRequest http, ClientAddress addresses) {
        return new Origin(addresses.of(http), http.getHeader("User-Agent"));
    }
}
