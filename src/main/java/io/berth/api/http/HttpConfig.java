package io.berth.api.http;

import io.berth.common.WholeNumber;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What stands between the server and its clients. */
@ConfigMapping(prefix = "berth.http")
public interface HttpConfig {

    /** Addresses and networks of proxies whose {@code X-Forwarded-For} is believed. */
    Optional<List<String>> trustedProxies();

    /**
     * Reading requests that are being answered at a time, followed logs, events and waits among them; a tenant has a quarter of it at
     * most, a credential an eighth.
     */
    @WithDefault("2000")
    @WithConverter(WholeNumber.Positive.class)
    int liveAnswers();

    /**
     * A client that reads nothing of what is there for it is cut off after so long. The kernel takes up to some MiB ahead at a time, so
     * that one who reads less than that meanwhile counts as reading nothing.
     */
    @WithDefault("5m")
    Duration stalled();

    /** Whether clients reach the server by TLS, which a proxy in front of it ends. */
    @WithDefault("false")
    boolean tlsTerminated();
}
