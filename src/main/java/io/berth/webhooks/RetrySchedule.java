package io.berth.webhooks;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.DoubleSupplier;

/** When a delivery that failed is tried again: exponential back-off with jitter, so that many do not come at once. */
final class RetrySchedule {

    private static final double FACTOR = 3;
    private static final double JITTER = 0.2;

    private final WebhooksConfig config;
    private final DoubleSupplier random;

    /** @param random from 0 to 1 */
    RetrySchedule(WebhooksConfig config, DoubleSupplier random) {
        this.config = config;
        this.random = random;
    }

    /**
     * The time of the next attempt; empty if it is to be given up.
     *
     * @param attempts made so far, at least 1
     * @param begun when the delivery was made
     */
    Optional<Instant> next(int attempts, Instant begun, Instant now) {
        double millis = Math.min(
                config.retryAfter().toMillis() * Math.pow(FACTOR, attempts - 1.0),
                config.retryAtMost().toMillis());
        double varied = millis * (1 - JITTER + 2 * JITTER * random.getAsDouble());
        Instant next = now.plus(Duration.ofMillis(Math.round(varied)));
        return next.isAfter(begun.plus(config.retryFor())) ? Optional.empty() : Optional.of(next);
    }
}
