package io.berth.identity;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How long people stay signed in. */
@ConfigMapping(prefix = "berth.sessions")
public interface SessionConfig {

    /** A session that is not used for so long ends. */
    @WithDefault("12h")
    Duration idleTimeout();

    /** A session ends after so long, however much it is used. */
    @WithDefault("7d")
    Duration lifetime();

    /**
     * The identity provider is asked about a session of its users after so long, or sooner if the access token it gave lapses.
     */
    @WithDefault("5m")
    Duration providerCheck();

    /** How long a sign-in link is good. */
    @WithDefault("15m")
    Duration signInLink();
}
