package io.berth.containers;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** Settings of containers: {@code berth.containers.*}, or {@code BERTH_CONTAINERS_…} in the environment. */
@ConfigMapping(prefix = "berth.containers")
public interface ContainerSettings {

    /** Processes a container may have when its specification does not say; keeps a fork bomb in its place. */
    @WithDefault("4096")
    long defaultPids();

    /** Bytes of a container's log before it is rotated; two generations are kept. */
    @WithDefault("16777216")
    long logSize();

    /** How long a create waits for a pull before it answers with the operation. */
    @WithDefault("20s")
    Duration createWait();

    /** How often what the host says is compared with what the database says. */
    @WithDefault("30s")
    Duration repairInterval();
}
