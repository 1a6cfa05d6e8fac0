package io.berth.usage;

import io.berth.common.WholeNumber;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithConverter;
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

    /** How often the files of each container are measured; what they occupy counts as steady in between. */
    @WithDefault("5m")
    Duration diskInterval();

    /** The most entries of one container that are looked at; of what has more, so much is charged. */
    @WithDefault("100000")
    @WithConverter(WholeNumber.UpToTenMillion.class)
    int diskEntries();

    /** The most entries of all containers that are looked at in a second. */
    @WithDefault("5000")
    @WithConverter(WholeNumber.Positive.class)
    int diskEntriesPerSecond();

    /** What usage is added up by; a day must be a multiple of it. Time is told in UTC. */
    @WithDefault("1h")
    Duration bucket();

    /** How long it is kept. */
    @WithDefault("90d")
    Duration retention();
}
