package io.berth.disk;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** The disk of the data directory. */
@ConfigMapping(prefix = "berth.disk")
public interface DiskConfig {

    /**
     * Kept free by a file, for what must go on when the disk is full; on a small disk a sixteenth of it. While less than twice as much
     * is free besides, nothing new is made. 0 for none, and no refusals.
     */
    @WithDefault("64M")
    MemorySize reserve();
}
