package io.berth.images;

import io.berth.tenants.TenantId;
import java.time.Instant;

/**
 * A reference of a tenant and the image it stands for.
 *
 * @param reference normalised, as {@link ImageReference#toString()} writes it
 * @param digest of the manifest; also the image's id
 * @param size bytes of its layers as stored
 * @param platform such as {@code linux/amd64}
 * @param createdAt when the reference was given to this digest
 */
public record Image(TenantId tenant, String reference, Digest digest, long size, String platform, Instant createdAt) {}
