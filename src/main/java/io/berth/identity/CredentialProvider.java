package io.berth.identity;

import io.berth.api.auth.Principal;
import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.identity.AuthenticationRequestContext;
import io.quarkus.security.identity.IdentityProvider;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.runtime.QuarkusSecurityIdentity;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;

/** Verifies credentials: from memory on the event loop, else with queries on a worker thread. */
@ApplicationScoped
class CredentialProvider implements IdentityProvider<ClientCredential> {

    private final Authenticator authenticator;

    CredentialProvider(Authenticator authenticator) {
        this.authenticator = authenticator;
    }

    @Override
    public Class<ClientCredential> getRequestType() {
        return ClientCredential.class;
    }

    @Override
    public Uni<SecurityIdentity> authenticate(ClientCredential credential, AuthenticationRequestContext context) {
        Optional<Principal> remembered = authenticator.authenticateFromMemory(credential);
        if (remembered.isPresent()) {
            return Uni.createFrom().item(identity(remembered.get()));
        }
        return context.runBlocking(() -> verify(credential)
                .map(CredentialProvider::identity)
                .orElseThrow(() -> new AuthenticationFailedException("unknown, expired or revoked")));
    }

    private Optional<Principal> verify(ClientCredential credential) {
        return credential.kind() == ClientCredential.Kind.TOKEN
                ? authenticator.authenticate(credential.value())
                : authenticator.authenticateSession(credential.value());
    }

    private static SecurityIdentity identity(Principal principal) {
        return QuarkusSecurityIdentity.builder().setPrincipal(principal).build();
    }
}
