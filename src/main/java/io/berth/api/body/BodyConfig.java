package io.berth.api.body;

import io.berth.common.WholeNumber;
import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** Bounds of bodies that are kept in memory: all but archives and files, which are streamed. */
@ConfigMapping(prefix = "berth.bodies")
public interface BodyConfig {

    /** How long a body may take to arrive, from the request's head to the last byte. */
    @WithDefault("15s")
    Duration timeout();

    /**
     * What all of them hold together, until their requests are answered. Strangers, who have no good credentials, get a half of it
     * at most, and one address a quarter.
     */
    @WithDefault("32M")
    MemorySize memory();

    /** Bodies from one address that have not arrived yet. */
    @WithDefault("500")
    @WithConverter(WholeNumber.UpToHundredThousand.class)
    int perAddress();
}
