package io.berth.images.registry;

import io.berth.common.BerthException;
import io.berth.common.ErrorCode;
import io.berth.images.Digest;
import io.berth.images.ImageContent;
import io.berth.images.ImageErrors;
import io.berth.images.ImageReference;
import io.berth.images.ImageService.PullProgress;
import io.berth.images.NativeCrypto;
import io.berth.images.content.ContentLimits;
import io.berth.images.content.Ingest;
import io.berth.images.oci.Descriptor;
import io.berth.images.oci.ImageConfigFile;
import io.berth.images.oci.Index;
import io.berth.images.oci.Manifest;
import io.berth.images.oci.MediaTypes;
import io.berth.images.oci.OciJson;
import io.berth.images.oci.Platform;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Brings an image from a registry into the content store: manifest, configuration, then a few layers at a time. */
public final class ImagePuller {

    private static final int LAYERS_AT_ONCE = 3;
    private static final int MAX_NESTING = 3;

    private final ContentLimits limits;
    private final Platform platform;

    public ImagePuller(ContentLimits limits, Platform platform) {
        this.limits = limits;
        this.platform = platform;
    }

    /**
     * Pulls and unpacks. Blocks; interrupting the thread cancels, and waits for what it started.
     *
     * @throws BerthException that explains what the registry, its address or the content lacks
     * @throws IOException if a connection or the disk fails
     */
    public ImageContent pull(RegistrySession registry, ImageReference reference, Ingest ingest, PullProgress progress)
            throws IOException {
        NativeCrypto.prefer(); // before the first connection: it stays with the ciphers it began with
        progress.update("resolving " + reference, 0, -1);
        RegistrySession.FetchedManifest fetched = resolve(registry, reference.manifest());
        ImageContent image = describe(registry, fetched, ingest);
        image.requirePlatform(platform);
        if (image.manifest().layerBytes() > limits.archiveBytes()) {
            throw ImageErrors.invalidImage("the image has " + image.manifest().layerBytes()
                    + " bytes to download; at most " + limits.archiveBytes() + " are allowed");
        }
        layers(registry, image, ingest, progress);
        return image;
    }

    private RegistrySession.FetchedManifest resolve(RegistrySession registry, String tagOrDigest) throws IOException {
        String wanted = tagOrDigest;
        for (int depth = 0; depth < MAX_NESTING; depth++) {
            RegistrySession.FetchedManifest fetched = registry.manifest(wanted);
            if (MediaTypes.isManifest(fetched.mediaType())) {
                return fetched;
            }
            if (MediaTypes.isSchema1(fetched.mediaType())) {
                throw ImageErrors.invalidImage(
                        "the image has a manifest of schema 1, which is obsolete: push it again with a newer tool");
            }
            if (!MediaTypes.isIndex(fetched.mediaType())) {
                throw ImageErrors.invalidImage("manifest " + wanted + " is of no type known here");
            }
            wanted = OciJson.read(fetched.content(), Index.class, "index " + wanted)
                    .choose(platform)
                    .orElseThrow(() -> ImageErrors.invalidImage("there is no image for " + platform))
                    .digest()
                    .toString();
        }
        throw ImageErrors.invalidImage("the image's indexes are nested too deeply");
    }

    private static ImageContent describe(
            RegistrySession registry, RegistrySession.FetchedManifest fetched, Ingest ingest) throws IOException {
        Manifest manifest = OciJson.read(fetched.content(), Manifest.class, "manifest " + fetched.digest());
        Descriptor config = manifest.config();
        if (config.size() > OciJson.MAX_CONFIG) {
            throw ImageErrors.invalidImage("the image's configuration is longer than " + OciJson.MAX_CONFIG + " bytes");
        }
        byte[] bytes;
        try (InputStream in = registry.blob(config.digest())) {
            bytes = in.readNBytes(OciJson.MAX_CONFIG);
        }
        if (!Digest.of(bytes).equals(config.digest())) {
            throw ImageErrors.digestMismatch(
                    "the image's configuration should be " + config.digest() + " but is " + Digest.of(bytes));
        }
        ImageContent image = new ImageContent(
                fetched.digest(), manifest, OciJson.read(bytes, ImageConfigFile.class, "the image's configuration"));
        ingest.put(bytes, "the image's configuration");
        ingest.put(fetched.content(), "the manifest");
        return image;
    }

    private void layers(RegistrySession registry, ImageContent image, Ingest ingest, PullProgress progress)
            throws IOException {
        LayerProgress bytes = new LayerProgress(progress, image.manifest().layerBytes());
        AtomicLong unpacked = new AtomicLong();
        ExecutorService workers = Executors.newFixedThreadPool(LAYERS_AT_ONCE, task -> {
            Thread thread = new Thread(task, "image-pull");
            thread.setDaemon(true);
            return thread;
        });
        try {
            CompletionService<Void> done = new ExecutorCompletionService<>(workers);
            List<Future<Void>> started = new ArrayList<>();
            Set<Digest> seen = new HashSet<>();
            for (int i = 0; i < image.diffIds().size(); i++) {
                Descriptor layer = image.manifest().layers().get(i);
                Digest diffId = image.diffIds().get(i);
                if (seen.add(diffId)) {
                    LayerProgress.Layer received = bytes.layer(layer);
                    started.add(done.submit(() -> {
                        layer(registry, layer, diffId, ingest, received, unpacked);
                        return null;
                    }));
                }
            }
            for (int i = 0; i < started.size(); i++) {
                done.take().get();
            }
        } catch (ExecutionException e) {
            rethrow(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while pulling");
        } finally {
            end(workers);
        }
    }

    private void layer(
            RegistrySession registry,
            Descriptor layer,
            Digest diffId,
            Ingest ingest,
            LayerProgress.Layer bytes,
            AtomicLong unpacked)
            throws IOException {
        if (ingest.has(layer.digest()) && registry.hasBlob(layer.digest())) {
            bytes.add("layer is here already", layer.size());
        } else {
            try (InputStream in = bytes.counting(registry.blob(layer.digest()))) {
                ingest.put(layer.digest(), layer.size(), in, "layer " + layer.digest());
            }
        }
        bytes.add("unpacking", 0);
        if (unpacked.addAndGet(ingest.unpack(layer.digest(), diffId)) > limits.imageBytes()) {
            throw ImageErrors.invalidImage("the image's layers unpack to more than " + limits.imageBytes() + " bytes");
        }
        bytes.finish();
    }

    /** Nothing of a pull may go on after it: the ingest is about to be closed. */
    private static void end(ExecutorService workers) {
        workers.shutdownNow();
        boolean interrupted = Thread.interrupted();
        try {
            while (!workers.awaitTermination(1, TimeUnit.MINUTES)) {
                workers.shutdownNow();
            }
        } catch (InterruptedException e) {
            interrupted = true;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static void rethrow(@Nullable Throwable cause) throws IOException {
        if (cause instanceof IOException e) {
            throw e;
        }
        if (cause instanceof RuntimeException e) {
            throw e;
        }
        throw new BerthException(ErrorCode.INTERNAL, "a layer could not be pulled", cause);
    }
}
