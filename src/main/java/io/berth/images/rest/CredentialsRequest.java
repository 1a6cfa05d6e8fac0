package io.berth.images.rest;

import io.berth.images.registry.Credentials;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;

/** What to sign in with at a registry. Most registries take a token as the password. */
public record CredentialsRequest(
        @NotBlank
        @Size(max = 256)
        @Pattern(regexp = "[^:\\p{Cntrl}]*", message = "must hold neither a colon nor control characters")
        String username,

        @NotBlank @Size(max = 8192) @Pattern(regexp = "\\P{Cntrl}*", message = "must hold no control characters")
        String password) {

    Credentials toCredentials() {
        return new Credentials(username, password);
    }

    /** Without the secret. */
    @Override
    public String toString() {
        return "CredentialsRequest[" + username + "]";
    }
}
