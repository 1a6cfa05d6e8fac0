package io.berth.images.archive;

import io.berth.images.Digest;
import io.berth.images.ImageErrors;
import io.berth.images.content.Compression;
import io.berth.images.content.ContentLimits;
import io.berth.images.content.Ingest;
import io.berth.images.content.PackedStream;
import io.berth.images.content.Spool;
import io.berth.images.content.TarFormatException;
import io.berth.images.oci.Descriptor;
import io.berth.images.oci.ImageConfigFile;
import io.berth.images.oci.Manifest;
import io.berth.images.oci.MediaTypes;
import io.berth.images.oci.OciJson;
import io.berth.images.oci.Platform;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;

/**
 * Brings the image of an archive into the content store. Tells a docker archive, an OCI archive and a root file system
 * apart by what they hold; each may be plain, gzip or zstd.
 */
public final class ArchiveImporter {

    /** What a root file system runs, there being nothing else to know. */
    private static final ImageConfigFile.Execution SHELL = new ImageConfigFile.Execution(
            null,
            null,
            List.of("PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"),
            null,
            List.of("sh"),
            null,
            null,
            null,
            null,
            null);

    private final ContentLimits limits;
    private final Platform platform;

    public ArchiveImporter(ContentLimits limits, Platform platform) {
        this.limits = limits;
        this.platform = platform;
    }

    /**
     * Reads an archive to its end and stores its blobs; layers are not unpacked yet. Blocks.
     *
     * @return digest of the image's manifest, which is stored
     * @throws io.berth.common.BerthException INVALID_ARCHIVE, INVALID_IMAGE, DIGEST_MISMATCH, NO_SPACE
     * @throws IOException if the stream fails
     */
    public Digest importArchive(Ingest ingest, InputStream body) throws IOException {
        try (var tar = PackedStream.unpack(body, limits.archiveBytes(), limits.ratio());
                Spool spool = ingest.spool(tar, "the archive")) {
            ArchiveIndex index = index(spool);
            if (index.has("oci-layout") && index.has("index.json")) {
                return new OciLayout(index, ingest, platform).store();
            }
            if (index.has("manifest.json")) {
                return dockerArchive(index, ingest);
            }
            return rootFileSystem(spool, ingest);
        } catch (TarFormatException e) {
            throw ImageErrors.invalidArchive("not a usable archive: " + e.getMessage());
        }
    }

    private ArchiveIndex index(Spool spool) throws IOException {
        try (InputStream in = Files.newInputStream(spool.file())) {
            ArchiveIndex index = ArchiveIndex.of(spool.file(), in, limits.headerBytes());
            if (index.isEmpty()) {
                throw ImageErrors.invalidArchive("the archive is empty");
            }
            return index;
        }
    }

    private static Digest dockerArchive(ArchiveIndex index, Ingest ingest) throws IOException {
        List<OciJson.DockerArchiveImage> images =
                OciJson.readDockerArchive(index.read("manifest.json", OciJson.MAX_MANIFEST));
        if (images.size() != 1) {
            throw ImageErrors.invalidArchive(
                    "the docker archive holds " + images.size() + " images: save one image to an archive");
        }
        OciJson.DockerArchiveImage image = images.get(0);
        byte[] configBytes = index.read(image.config(), OciJson.MAX_CONFIG);
        Digest configDigest = ingest.put(configBytes, "the image configuration");
        checkName(image.config(), configDigest);
        Descriptor config = new Descriptor(MediaTypes.OCI_CONFIG, configDigest, configBytes.length);
        List<Descriptor> layers = new ArrayList<>();
        for (String layer : image.layers()) {
            layers.add(dockerLayer(index, ingest, layer));
        }
        return ingest.put(OciJson.write(Manifest.of(config, layers)), "the manifest");
    }

    private static Descriptor dockerLayer(ArchiveIndex index, Ingest ingest, String name) throws IOException {
        if (!index.has(name)) {
            throw ImageErrors.invalidArchive("layer " + name + ", which manifest.json names, is not in the archive");
        }
        Compression compression;
        try (BufferedInputStream start = new BufferedInputStream(index.open(name))) {
            compression = Compression.detect(start);
        }
        try (InputStream in = index.open(name);
                Spool spool = ingest.spool(in, "layer " + name)) {
            checkName(name, spool.digest());
            ingest.adopt(spool, "layer " + name);
            return new Descriptor(MediaTypes.OCI_LAYER + compression.mediaTypeSuffix(), spool.digest(), spool.size());
        }
    }

    /** Some writers name files by their digest: {@code <hex>.json}, {@code <hex>.tar}, {@code blobs/sha256/<hex>}. */
    private static void checkName(String name, Digest found) {
        String last = name.substring(name.lastIndexOf('/') + 1).replaceFirst("\\.(json|tar)$", "");
        if (last.matches("[a-f0-9]{64}") && !last.equals(found.hex())) {
            throw ImageErrors.digestMismatch(name + " in the archive is really " + found);
        }
    }

    private Digest rootFileSystem(Spool spool, Ingest ingest) throws IOException {
        ingest.adopt(spool, "the root file system");
        ImageConfigFile config = new ImageConfigFile(
                null,
                platform.architecture(),
                platform.os(),
                SHELL,
                new ImageConfigFile.Rootfs("layers", List.of(spool.digest())));
        byte[] configBytes = OciJson.write(config);
        Digest configDigest = ingest.put(configBytes, "the image configuration");
        Manifest manifest = Manifest.of(
                new Descriptor(MediaTypes.OCI_CONFIG, configDigest, configBytes.length),
                List.of(new Descriptor(MediaTypes.OCI_LAYER, spool.digest(), spool.size())));
        return ingest.put(OciJson.write(manifest), "the manifest");
    }
}
