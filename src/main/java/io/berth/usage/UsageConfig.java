package io.berth.usage;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** Metering: {@code berth.usage.*}, or {@code BERTH_USAGE_…} in the environment. */
@ConfigMapping(prefix = "berth.usage")
public interface UsageConfig {

    /**
     * How often counters are read. CPU and network are exact whatever it is; memory is taken to change evenly between two
     * readings.
     */
    @WithDefault("15s")
    Duration sampleInterval();

    /** What usage is added up by; a day must be a multiple of it. Time is told in UTC. */
    @WithDefault("1h")
    Duration bucket();

    /** How long it is kept. */
    @WithDefault("90d")
    Duration retention();
}
