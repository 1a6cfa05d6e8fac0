package io.berth.api.ratelimit;

import io.berth.common.WholeNumber;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;

/** Bounds on requests beside the quotas of tenants: {@code berth.rate-limit.*}. */
@ConfigMapping(prefix = "berth.rate-limit")
public interface RateLimitConfig {

    /** Requests a minute with one token or session, whatever its tenant's quota. */
    @WithDefault("60000")
    @WithConverter(WholeNumber.UpToBillion.class)
    int credentialRequestsPerMinute();

    /** Requests a minute from one address (of IPv6 one /64) that show no good credentials. */
    @WithDefault("300")
    @WithConverter(WholeNumber.UpToBillion.class)
    int unauthenticatedRequestsPerMinute();
}
