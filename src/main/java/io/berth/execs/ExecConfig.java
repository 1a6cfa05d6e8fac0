package io.berth.execs;

import io.berth.common.WholeNumber;
import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** Bounds of execs. */
@ConfigMapping(prefix = "berth.execs")
public interface ExecConfig {

    /** Running execs on pipes of one container at a time, and as many terminal sessions; and as many of the first that are over. */
    @WithDefault("64")
    @WithConverter(WholeNumber.UpToTenThousand.class)
    int perContainer();

    /** What is kept of each output stream of an exec that is run to its end. */
    @WithDefault("1M")
    MemorySize maxOutput();

    /** How long an exec on plain pipes waits for its first client before it is killed. */
    @WithDefault("60s")
    Duration unattached();

    /** How long an exec on plain pipes is known after its end. */
    @WithDefault("5m")
    Duration remembered();

    /** Longest time for an exec that is run to its end, and what it gets if none is asked. */
    @WithDefault("1h")
    Duration maxTimeout();
}
