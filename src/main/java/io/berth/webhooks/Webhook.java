package io.berth.webhooks;

import io.berth.tenants.TenantId;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a tenant wants events sent to.
 *
 * @param types of events, or families of them; empty is all
 * @param disabledReason why the server gave it up, {@code null} if it did not
 * @param sealedSecret what signs its deliveries, encrypted
 * @param version grows with every change
 */
public record Webhook(
        String id,
        TenantId tenant,
        URI url,
        List<String> types,
        String description,
        boolean enabled,
        @Nullable String disabledReason,
        byte[] sealedSecret,
        @Nullable Instant lastSuccessAt,
        Instant createdAt,
        long version) {

    public Webhook {
        types = List.copyOf(types);
    }
}
