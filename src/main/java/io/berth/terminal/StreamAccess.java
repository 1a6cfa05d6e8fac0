package io.berth.terminal;

import io.berth.api.auth.Principal;
import io.berth.tenants.TenantId;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;

/** Who may use streams. Methods may block. */
interface StreamAccess {

    /** The owner of a token, empty if it is good for nothing. */
    Optional<Principal> authenticate(String token);

    /** Who a session's cookie stands for, empty if it has ended. */
    Optional<Principal> authenticateSession(String cookie);

    /** The same principal as it is now, empty if its credential is no longer good. */
    Optional<Principal> recheck(Principal principal);

    /**
     * Passes if the principal may use the streams of the tenant's containers, and counts that as a request.
     *
     * @throws io.berth.common.BerthException {@code TENANT_NOT_FOUND}, {@code FORBIDDEN}, {@code RATE_LIMITED}
     */
    void require(Principal principal, TenantId tenant);

    /** Whether the sender's address has not failed so often that nobody from there is listened to for a while. */
    boolean mayTry(RoutingContext upgrade);

    /** Hears that the sender's credentials were good. */
    void succeeded(RoutingContext upgrade);

    /** Hears that the sender had no good credentials. */
    void failed(RoutingContext upgrade);
}
