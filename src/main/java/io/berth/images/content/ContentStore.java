package io.berth.images.content;

import io.berth.common.BerthException;
import io.berth.common.ErrorCode;
import io.berth.engine.HostLayout;
import io.berth.engine.syscall.Syscalls;
import io.berth.engine.syscall.TreeRemover;
import io.berth.images.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jboss.logging.Logger;

/**
 * Blobs by digest and layers by diffID, shared by all tenants, each stored once. One process at a time may use a data
 * directory. Thread-safe.
 */
public final class ContentStore implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(ContentStore.class);

    private final Path layersDirectory;
    private final ContentLimits limits;
    private final BlobStore blobs;
    private final LayerStore layers;
    private final VerifiedLayers verified;
    private final TreeRemover remover;
    private final Pins pins = new Pins(this::remove);
    private final ExecutorService sweeper = Executors.newSingleThreadExecutor(task -> {
        Thread thread = new Thread(task, "content-sweeper");
        thread.setDaemon(true);
        return thread;
    });

    private ContentStore(HostLayout layout, Path temporary, Path verified, Syscalls syscalls, ContentLimits limits) {
        this.layersDirectory = layout.layers();
        this.limits = limits;
        this.blobs = new BlobStore(layout.blobs(), temporary);
        this.layers = new LayerStore(layout.layers(), syscalls, limits);
        this.verified = new VerifiedLayers(verified, temporary);
        this.remover = new TreeRemover(syscalls);
    }

    /**
     * Opens the store of a data directory: makes its directories, removes what a crash left half-written.
     *
     * @throws IOException if the directories cannot be made
     */
    public static ContentStore open(HostLayout layout, Syscalls syscalls, ContentLimits limits) throws IOException {
        Path content = layout.dataDir().resolve("content");
        Path temporary = content.resolve("ingest");
        Path verified = content.resolve("verified");
        for (Path directory : new Path[] {layout.blobs(), layout.layers(), temporary, verified}) {
            Files.createDirectories(directory);
        }
        // layers hold set-id files of strangers: no other user of the host may reach them
        Files.setPosixFilePermissions(content, PosixFilePermissions.fromString("rwx------"));
        ContentStore store = new ContentStore(layout, temporary, verified, syscalls, limits);
        store.removeAll(temporary, "*");
        store.removeAll(layout.layers(), LayerStore.TEMPORARY + "*");
        return store;
    }

    public ContentLimits limits() {
        return limits;
    }

    /** Begins to bring an image in. */
    public Ingest ingest() {
        return new Ingest(blobs, layers, verified, pins);
    }

    /**
     * Bytes of a small blob, such as a manifest.
     *
     * @throws BerthException INVALID_IMAGE if it is not stored or longer than {@code maxBytes}
     */
    public byte[] read(Digest digest, int maxBytes) throws IOException {
        try (InputStream in = blobs.open(digest)) {
            byte[] bytes = in.readNBytes(maxBytes + 1);
            if (bytes.length > maxBytes) {
                throw new BerthException(
                        ErrorCode.INVALID_IMAGE, "blob " + digest + " is longer than " + maxBytes + " bytes");
            }
            return bytes;
        }
    }

    /** Where a layer is, or will be once unpacked. */
    public Path layer(Digest diffId) {
        return layers.path(diffId);
    }

    public boolean hasLayer(Digest diffId) {
        return layers.exists(diffId);
    }

    @Override
    public void close() {
        sweeper.shutdown();
    }

    private void remove(Pins.Key key) {
        Digest digest = new Digest(key.hex());
        try {
            if (key.layer()) {
                // a rename is quick; the next start finds what the sweeper did not get to
                Path away = layersDirectory.resolve(LayerStore.TEMPORARY + "gone-" + UUID.randomUUID());
                Files.move(layers.path(digest), away, StandardCopyOption.ATOMIC_MOVE);
                sweeper.execute(() -> removeTree(away));
            } else {
                Files.deleteIfExists(blobs.path(digest));
                verified.forget(digest);
            }
        } catch (IOException e) {
            LOG.warnf(e, "could not remove %s of a failed import", digest);
        }
    }

    private void removeAll(Path directory, String pattern) throws IOException {
        try (DirectoryStream<Path> leftovers = Files.newDirectoryStream(directory, pattern)) {
            for (Path leftover : leftovers) {
                removeTree(leftover);
            }
        }
    }

    private void removeTree(Path path) {
        try {
            remover.remove(path);
        } catch (IOException e) {
            LOG.warnf(e, "could not remove %s", path);
        }
    }
}
