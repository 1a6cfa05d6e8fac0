package io.berth.webhooks;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One event on its way to one webhook.
 *
 * @param attempts made so far
 * @param nextAttemptAt when it is tried again; {@code null} once it is over
 * @param responseCode HTTP status of the last attempt, {@code null} if there was no answer
 * @param durationMs of the last attempt
 * @param error why the last attempt failed
 */
public record Delivery(
        String id,
        String eventId,
        String eventType,
        Status status,
        int attempts,
        @Nullable Instant nextAttemptAt,
        @Nullable Integer responseCode,
        @Nullable Double durationMs,
        @Nullable String error,
        Instant createdAt,
        @Nullable Instant finishedAt) {

    /** How far it has come. */
    public enum Status {
        @JsonProperty("pending")
        PENDING,
        @JsonProperty("succeeded")
        SUCCEEDED,
        /** Given up. */
        @JsonProperty("failed")
        FAILED
    }
}
