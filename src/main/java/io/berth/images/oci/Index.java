package io.berth.images.oci;

import java.util.List;
import java.util.Optional;

/**
 * One image for several platforms.
 *
 * @see <a href="https://github.com/opencontainers/image-spec/blob/main/image-index.md">image-index.md</a>
 */
public record Index(List<Descriptor> manifests) {

    private static final String ATTESTATION = "vnd.docker.reference.type";

    @SuppressWarnings("ConstantValue") // JSON may lack anything
    public Index {
        manifests = manifests == null ? List.of() : List.copyOf(manifests);
    }

    /** The image, or index of images, to use on a platform. One that names the platform comes before one that names none. */
    public Optional<Descriptor> choose(Platform platform) {
        List<Descriptor> fitting = manifests.stream()
                .filter(m -> m.annotation(ATTESTATION).isEmpty())
                .filter(m -> MediaTypes.isManifest(m.mediaType()) || MediaTypes.isIndex(m.mediaType()))
                .filter(m -> m.platform() == null || platform.runs(m.platform()))
                .toList();
        return fitting.stream()
                .filter(m -> m.platform() != null)
                .findFirst()
                .or(() -> fitting.stream().findFirst());
    }
}
