/** Tests of {@link io.berth.identity.oidc}, with a real Keycloak. */
@NullMarked
package io.berth.identity.oidc;

import org.jspecify.annotations.NullMarked;
