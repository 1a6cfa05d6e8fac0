package io.berth.api.auth;

import java.util.Optional;

/** Looks again at a credential that was good once. */
public interface CredentialCheck {

    /**
     * What the principal's credential is worth now; empty if nothing. Blocks, for queries and perhaps for the identity provider.
     *
     * @throws io.berth.common.BerthException {@code UNAVAILABLE} if that cannot be told at the moment
     */
    Optional<Principal> recheck(Principal principal);
}
