package io.berth.webhooks;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A delivery whose time has come, with all it takes.
 *
 * @param manual asked for by somebody: it is tried once
 */
public record DueDelivery(
        Webhook webhook, String id, String eventId, String payload, boolean manual, int attempts, Instant createdAt) {

    /**
     * What came of an attempt.
     *
     * @param responseCode {@code null} if there was no answer
     * @param error {@code null} if it has arrived
     */
    public record Outcome(
            @Nullable Integer responseCode,
            double durationMs,
            @Nullable String error) {

        private static final int MAX_ERROR = 300;

        public Outcome {
            error = error == null || error.length() <= MAX_ERROR ? error : error.substring(0, MAX_ERROR) + "…";
        }

        public boolean succeeded() {
            return error == null;
        }
    }
}
