package io.berth.api.ratelimit;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;

/** Bounds on requests beside the quotas of tenants: {@code berth.rate-limit.*}. */
@ConfigMapping(prefix = "berth.rate-limit")
public interface RateLimitConfig {

    /** Requests a minute with one token or session, whatever its tenant's quota. */
    @WithDefault("60000")
    @Min(1)
    @Max(1_000_000_000)
    long credentialRequestsPerMinute();

    /** Requests a minute from one address (of IPv6 one /64) that show no good credentials. */
    @WithDefault("300")
    @Min(1)
    @Max(1_000_000_000)
    long unauthenticatedRequestsPerMinute();
}
