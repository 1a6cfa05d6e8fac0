package io.berth.webhooks.rest;

import io.berth.api.idempotency.ShownOnce;
import io.berth.webhooks.Webhook;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A webhook as the API shows it.
 *
 * @param secret only in the answer that made it, and not when that is repeated
 */
public record WebhookView(
        String id,
        String url,
        List<String> types,
        String description,
        boolean enabled,
        @Nullable String disabledReason,
        @Nullable Instant lastSuccessAt,
        Instant createdAt,
        @Nullable String secret)
        implements ShownOnce {

    @Override
    public WebhookView withoutSecret() {
        return new WebhookView(id, url, types, description, enabled, disabledReason, lastSuccessAt, createdAt, null);
    }

    static WebhookView of(Webhook webhook) {
        return of(webhook, null);
    }

    static WebhookView of(Webhook webhook, @Nullable String secret) {
        return new WebhookView(
                webhook.id(),
                webhook.url().toString(),
                webhook.types(),
                webhook.description(),
                webhook.enabled(),
                webhook.disabledReason(),
                webhook.lastSuccessAt(),
                webhook.createdAt(),
                secret);
    }
}
