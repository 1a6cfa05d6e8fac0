package io.berth.events;

import io.berth.common.WholeNumber;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How long events are kept, and how they are streamed. */
@ConfigMapping(prefix = "berth.events")
public interface EventsConfig {

    /** How long an event is kept. */
    @WithDefault("7d")
    Duration kept();

    /** How many events of one tenant are kept. */
    @WithDefault("100000")
    @WithConverter(WholeNumber.Positive.class)
    int keptPerTenant();

    /** How often the outbox is looked at without a wake-up, in case one was missed. */
    @WithDefault("1s")
    Duration poll();

    /** After how long a quiet stream gets a sign of life. */
    @WithDefault("15s")
    Duration heartbeat();

    /** How long a client may not read before its stream is closed. */
    @WithDefault("30s")
    Duration stalled();

    /** Streams at a time, of all tenants. */
    @WithDefault("4096")
    @WithConverter(WholeNumber.UpToHundredThousand.class)
    int streams();

    /** Streams of one tenant at a time. */
    @WithDefault("1024")
    @WithConverter(WholeNumber.UpToHundredThousand.class)
    int streamsPerTenant();
}
