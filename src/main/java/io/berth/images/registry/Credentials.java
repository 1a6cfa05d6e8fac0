package io.berth.images.registry;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** A name and a secret for a registry. */
public record Credentials(String username, String password) {

    String basic() {
        byte[] pair = (username + ":" + password).getBytes(StandardCharsets.UTF_8);
        return "Basic " + Base64.getEncoder().encodeToString(pair);
    }

    /** Without the secret. */
    @Override
    public String toString() {
        return "Credentials[" + username + "]";
    }
}
