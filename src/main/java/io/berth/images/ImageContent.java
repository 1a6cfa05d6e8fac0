package io.berth.images;

import io.berth.images.content.ContentStore;
import io.berth.images.oci.Descriptor;
import io.berth.images.oci.ImageConfigFile;
import io.berth.images.oci.Manifest;
import io.berth.images.oci.MediaTypes;
import io.berth.images.oci.OciJson;
import io.berth.images.oci.Platform;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * What an image's manifest and configuration say together. Checked: as many layers as diffIDs, of types that can be
 * unpacked.
 *
 * @param digest of the manifest
 */
public record ImageContent(Digest digest, Manifest manifest, ImageConfigFile config) {

    public ImageContent {
        if (!MediaTypes.isImageConfig(manifest.config().mediaType())) {
            throw ImageErrors.invalidImage("manifest " + digest + " is not of a container image: its configuration is "
                    + manifest.config().mediaType());
        }
        int diffIds = config.rootfs().diffIds().size();
        if (manifest.layers().isEmpty() || manifest.layers().size() != diffIds) {
            throw ImageErrors.invalidImage("manifest " + digest + " has "
                    + manifest.layers().size() + " layers, its configuration " + diffIds);
        }
        for (Descriptor layer : manifest.layers()) {
            if (!MediaTypes.isLayer(layer.mediaType())) {
                throw ImageErrors.invalidImage("layer " + layer.digest() + " has a type that cannot be unpacked: "
                        + (layer.mediaType().length() > 100 ? "…" : layer.mediaType()));
            }
        }
    }

    /** Reads what is stored. */
    public static ImageContent read(ContentStore store, Digest digest) throws IOException {
        byte[] manifestBytes = store.read(digest, OciJson.MAX_MANIFEST);
        Manifest manifest = OciJson.read(manifestBytes, Manifest.class, "manifest " + digest);
        byte[] configBytes = store.read(manifest.config().digest(), OciJson.MAX_CONFIG);
        return new ImageContent(
                digest,
                manifest,
                OciJson.read(configBytes, ImageConfigFile.class, "the configuration of image " + digest));
    }

    /** @throws io.berth.common.BerthException INVALID_IMAGE if it is for another kind of machine */
    public void requirePlatform(Platform platform) {
        if (!platform.runs(config.platform())) {
            throw ImageErrors.invalidImage("the image is for " + config.platform() + ", this host is " + platform
                    + ": use one for the latter");
        }
    }

    /** The layers in the order of the manifest, lowest first. */
    public List<Digest> diffIds() {
        return config.rootfs().diffIds();
    }

    /**
     * Ready to run from; its layers must be unpacked. Of a layer that occurs several times only the highest is used: it
     * covers the others, and overlayfs refuses one directory twice.
     */
    public ResolvedImage resolve(String reference, ContentStore store) {
        List<Digest> highestFirst = new ArrayList<>(diffIds());
        Collections.reverse(highestFirst);
        List<Path> layers = new ArrayList<>(
                highestFirst.stream().distinct().map(store::layer).toList());
        Collections.reverse(layers);
        return new ResolvedImage(reference, digest, layers, config.toConfig());
    }
}
