package io.berth.images.archive;

import io.berth.images.Digest;
import io.berth.images.ImageErrors;
import io.berth.images.content.Ingest;
import io.berth.images.oci.Descriptor;
import io.berth.images.oci.Index;
import io.berth.images.oci.Manifest;
import io.berth.images.oci.MediaTypes;
import io.berth.images.oci.OciJson;
import io.berth.images.oci.Platform;
import java.io.IOException;
import java.io.InputStream;

/**
 * An archive of an OCI image layout.
 *
 * @see <a href="https://github.com/opencontainers/image-spec/blob/main/image-layout.md">image-layout.md</a>
 */
final class OciLayout {

    private static final int MAX_NESTING = 4;

    private final ArchiveIndex archive;
    private final Ingest ingest;
    private final Platform platform;

    OciLayout(ArchiveIndex archive, Ingest ingest, Platform platform) {
        this.archive = archive;
        this.ingest = ingest;
        this.platform = platform;
    }

    /** @return the digest of the image's manifest */
    Digest store() throws IOException {
        Index index = OciJson.read(archive.read("index.json", OciJson.MAX_MANIFEST), Index.class, "index.json");
        Descriptor chosen = manifest(index, 0);
        byte[] bytes = read(chosen, OciJson.MAX_MANIFEST);
        Manifest manifest = OciJson.read(bytes, Manifest.class, "manifest " + chosen.digest());
        ingest.put(bytes, "manifest " + chosen.digest());
        put(manifest.config());
        for (Descriptor layer : manifest.layers()) {
            put(layer);
        }
        return chosen.digest();
    }

    private Descriptor manifest(Index index, int depth) throws IOException {
        long unnamed = index.manifests().stream()
                .filter(m -> m.platform() == null
                        && m.annotation("vnd.docker.reference.type").isEmpty())
                .map(Descriptor::digest)
                .distinct()
                .count();
        if (unnamed > 1) {
            throw ImageErrors.invalidArchive(
                    "the OCI archive holds " + unnamed + " images: save one image to an archive");
        }
        Descriptor chosen = index.choose(platform)
                .orElseThrow(() -> ImageErrors.invalidImage("the OCI archive has no image for " + platform));
        if (!MediaTypes.isIndex(chosen.mediaType())) {
            return chosen;
        }
        if (depth == MAX_NESTING) {
            throw ImageErrors.invalidImage("the OCI archive's indexes are nested too deeply");
        }
        byte[] bytes = read(chosen, OciJson.MAX_MANIFEST);
        return manifest(OciJson.read(bytes, Index.class, "index " + chosen.digest()), depth + 1);
    }

    private byte[] read(Descriptor descriptor, int maxBytes) throws IOException {
        byte[] bytes = archive.read(path(descriptor), maxBytes);
        Digest found = Digest.of(bytes);
        if (!found.equals(descriptor.digest())) {
            throw ImageErrors.digestMismatch("blob " + descriptor.digest() + " in the archive is really " + found);
        }
        return bytes;
    }

    private void put(Descriptor descriptor) throws IOException {
        String what = "blob " + descriptor.digest();
        String path = path(descriptor);
        if (archive.size(path) != descriptor.size()) {
            throw ImageErrors.digestMismatch(
                    what + " in the archive has " + archive.size(path) + " bytes, not " + descriptor.size());
        }
        try (InputStream in = archive.open(path)) {
            ingest.put(descriptor.digest(), descriptor.size(), in, what);
        }
    }

    private String path(Descriptor descriptor) {
        String path = "blobs/sha256/" + descriptor.digest().hex();
        if (!archive.has(path)) {
            throw ImageErrors.invalidArchive("blob " + descriptor.digest() + " is not in the archive");
        }
        return path;
    }
}
