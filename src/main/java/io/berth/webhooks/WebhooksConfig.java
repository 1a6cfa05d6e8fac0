package io.berth.webhooks;

import io.berth.common.WholeNumber;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Where webhooks may go, and how hard they are tried. */
@ConfigMapping(prefix = "berth.webhooks")
public interface WebhooksConfig {

    /**
     * What webhooks may be sent to though its address is loopback, link-local or private: {@code host}, {@code host:port} or a network
     * in CIDR form.
     */
    Optional<List<String>> allowedPrivateAddresses();

    /** Webhooks of one tenant. */
    @WithDefault("20")
    @WithConverter(WholeNumber.NotNegative.class)
    int perTenant();

    /** Deliveries of one tenant under way at a time. */
    @WithDefault("8")
    @WithConverter(WholeNumber.OfSenders.class)
    int concurrentPerTenant();

    /** How long a receiver may take to connect and answer. */
    @WithDefault("10s")
    Duration timeout();

    /** Between the first attempt and the second; each later wait is three times as long, give or take a fifth. */
    @WithDefault("5s")
    Duration retryAfter();

    /** The longest wait between two attempts. */
    @WithDefault("4h")
    Duration retryAtMost();

    /** How long a delivery is tried. */
    @WithDefault("24h")
    Duration retryFor();

    /** Undelivered events of one webhook at which it is disabled. */
    @WithDefault("10000")
    @WithConverter(WholeNumber.Positive.class)
    int backlog();

    /** How long a delivery that is over stays in the log. */
    @WithDefault("7d")
    Duration logKept();

    /** Deliveries of one webhook that stay in the log after they are over. */
    @WithDefault("1000")
    @WithConverter(WholeNumber.Positive.class)
    int logEntries();
}
