package io.berth.images;

import java.nio.file.Path;
import java.util.List;

/**
 * An image of a tenant, ready to run from.
 *
 * @param reference as the tenant named it, normalised
 * @param digest of its manifest
 * @param layers unpacked layer directories, lowest first
 */
public record ResolvedImage(String reference, Digest digest, List<Path> layers, ImageConfig config) {

    public ResolvedImage {
        layers = List.copyOf(layers);
    }
}
