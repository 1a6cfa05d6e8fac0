package io.berth.identity.oidc;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.util.List;
import java.util.Optional;

/** An OpenID Connect provider. It is used when {@link #issuer} is there. */
@ConfigMapping(prefix = "berth.oidc")
public interface OidcConfig {

    /** Its address, which is also the issuer in its tokens: {@code https://keycloak.example/realms/berth}. */
    Optional<String> issuer();

    /** Berth's own client there; {@code resource_access} of this client is where client roles are looked for. */
    @WithDefault("berth")
    String clientId();

    /** Its secret; without one it is a public client. */
    Optional<String> clientSecret();

    /** Must be among the audiences of every token. */
    @WithDefault("berth")
    String audience();

    /** What is asked for when people sign in. */
    @WithDefault("openid profile email")
    String scope();

    /** The claim that lists groups. */
    @WithDefault("groups")
    String groupsClaim();

    /** What groups, roles and organisations are worth, see {@link MappingRule}. */
    @WithDefault("group:/berth/{tenant}/{role},role:berth-admin=>admin")
    List<String> rules();
}
