package io.berth.images.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.berth.images.Digest;
import io.berth.images.Image;
import io.berth.images.ImageConfig;
import io.berth.images.ImageContent;
import io.berth.images.oci.Descriptor;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** All there is to know of one image. */
public record ImageDetails(
        String id,
        String reference,
        String platform,
        long size,
        long ownSize,
        Instant createdAt,
        Config config,
        List<Layer> layers) {

    /** What runs unless a container says otherwise. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Config(
            List<String> entrypoint,
            List<String> command,
            List<String> env,
            @Nullable String workingDir,
            @Nullable String user,
            @Nullable String stopSignal,
            Map<String, String> labels,
            List<String> exposedPorts) {

        static Config of(ImageConfig config) {
            return new Config(
                    config.entrypoint(),
                    config.command(),
                    config.env(),
                    config.workingDir(),
                    config.user(),
                    config.stopSignal(),
                    config.labels(),
                    config.exposedPorts());
        }
    }

    /**
     * @param size in bytes, as stored
     * @param shared whether another image of the tenant has it too
     */
    public record Layer(String digest, long size, String mediaType, boolean shared) {

        static Layer of(Descriptor descriptor, Set<Digest> shared) {
            return new Layer(
                    descriptor.digest().toString(),
                    descriptor.size(),
                    descriptor.mediaType(),
                    shared.contains(descriptor.digest()));
        }
    }

    static ImageDetails of(Image image, ImageContent content, long ownSize, Set<Digest> shared) {
        return new ImageDetails(
                image.digest().toString(),
                image.reference(),
                image.platform(),
                image.size(),
                ownSize,
                image.createdAt(),
                Config.of(content.config().toConfig()),
                content.manifest().layers().stream()
                        .map(layer -> Layer.of(layer, shared))
                        .toList());
    }
}
