package io.berth.webhooks;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a client can say of a webhook.
 *
 * @param secret {@code whsec_} and base64; {@code null} leaves it, or lets the server make one
 */
public record WebhookEdit(
        @Nullable String url,
        @Nullable List<String> types,
        @Nullable String description,
        @Nullable Boolean enabled,
        @Nullable String secret) {

    static WebhookEdit of(Webhook webhook) {
        return new WebhookEdit(
                webhook.url().toString(), webhook.types(), webhook.description(), webhook.enabled(), null);
    }
}
