package io.berth.api.http;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.util.List;
import java.util.Optional;

/** What stands between the server and its clients. */
@ConfigMapping(prefix = "berth.http")
public interface HttpConfig {

    /** Addresses and networks of proxies whose {@code X-Forwarded-For} is believed. */
    Optional<List<String>> trustedProxies();

    /** Whether clients reach the server by TLS, which a proxy in front of it ends. */
    @WithDefault("false")
    boolean tlsTerminated();
}
