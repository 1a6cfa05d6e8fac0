package io.berth.images.oci;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An image's configuration and layers, lowest first.
 *
 * @see <a href="https://github.com/opencontainers/image-spec/blob/main/manifest.md">manifest.md</a>
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonPropertyOrder({"schemaVersion", "mediaType", "config", "layers"})
public record Manifest(int schemaVersion, @Nullable String mediaType, Descriptor config, List<Descriptor> layers) {

    public static final int MAX_LAYERS = 500;

    @SuppressWarnings("ConstantValue") // JSON may lack anything
    public Manifest {
        if (config == null) {
            throw new IllegalArgumentException("the manifest has no config");
        }
        layers = layers == null ? List.of() : List.copyOf(layers);
        if (layers.size() > MAX_LAYERS) {
            throw new IllegalArgumentException("the manifest has more than " + MAX_LAYERS + " layers");
        }
    }

    public static Manifest of(Descriptor config, List<Descriptor> layers) {
        return new Manifest(2, MediaTypes.OCI_MANIFEST, config, layers);
    }

    /** Bytes of its layers as stored. */
    public long layerBytes() {
        return layers.stream().mapToLong(Descriptor::size).sum();
    }
}
