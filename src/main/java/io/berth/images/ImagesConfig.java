package io.berth.images;

import io.berth.common.WholeNumber;
import io.berth.images.content.ContentLimits;
import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Where images may come from and how big they may be. */
@ConfigMapping(prefix = "berth.images")
public interface ImagesConfig {

    /**
     * Registries, redirect targets and token services that may be pulled from though their address is loopback,
     * link-local or private: {@code host}, {@code host:port} or a network in CIDR form.
     */
    Optional<List<String>> allowedPrivateRegistries();

    /** Registries that are spoken to without TLS: {@code host} or {@code host:port}. */
    Optional<List<String>> insecureRegistries();

    /** How long a registry may take to connect, to answer, and between any two bytes. */
    @WithDefault("30s")
    Duration registryTimeout();

    /** Static busybox of the host, of which the first start makes the image {@code busybox}. */
    @WithDefault("/bin/busybox")
    Path starterBusybox();

    /** Whether the first start makes the image {@code busybox}. */
    @WithDefault("true")
    boolean starterImage();

    Limits limits();

    /** Bounds of one image. */
    interface Limits {

        /** One layer's uncompressed tar. */
        @WithDefault("10G")
        MemorySize layerSize();

        /** All layers of an image, uncompressed. */
        @WithDefault("20G")
        MemorySize imageSize();

        /** An uploaded archive, uncompressed, or the layers of a pull, compressed. */
        @WithDefault("16G")
        MemorySize archiveSize();

        /** Files, directories and links of one layer. */
        @WithDefault("1000000")
        @WithConverter(WholeNumber.UpToHundredMillion.class)
        int layerEntries();

        /** Uncompressed bytes for each compressed byte, beyond the first 64 MiB. */
        @WithDefault("200")
        @WithConverter(WholeNumber.UpToHundredThousand.class)
        int compressionRatio();
    }

    /** The bounds in the form the content store takes. */
    default ContentLimits contentLimits() {
        Limits limits = limits();
        return new ContentLimits(
                limits.layerSize().asLongValue(),
                limits.imageSize().asLongValue(),
                limits.archiveSize().asLongValue(),
                limits.layerEntries(),
                limits.compressionRatio(),
                ContentLimits.DEFAULT.headerBytes(),
                ContentLimits.DEFAULT.pathDepth());
    }
}
