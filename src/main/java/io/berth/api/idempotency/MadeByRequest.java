package io.berth.api.idempotency;

import io.berth.tenants.TenantId;
import java.util.Optional;

/**
 * Finds what a request has made, for the answer that a stop of the server kept it from giving. A feature has one for what it
 * makes with an id of {@link NewIds}; keys of other requests are free again after such a stop.
 */
public interface MadeByRequest {

    /** What the answer {@code 201} consists of: path and version of the thing, and what is shown of it. */
    record Made(String path, long version, Object view) {}

    /**
     * @param unique the id without its prefix
     * @return empty if it was not made, or not wholly
     */
    Optional<Made> find(TenantId tenant, String unique);
}
