package io.berth.images.credentials;

import java.time.Instant;

/**
 * A registry that a tenant has credentials for, which nobody is shown.
 *
 * @param host as references name it, with the port if it has one
 */
public record StoredRegistry(String host, Instant createdAt, Instant updatedAt) {}
