/** Users of an OpenID Connect provider, such as Keycloak. */
@NullMarked
package io.berth.identity.oidc;

import org.jspecify.annotations.NullMarked;
