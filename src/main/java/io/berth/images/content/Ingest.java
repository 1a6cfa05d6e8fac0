package io.berth.images.content;

import io.berth.images.Digest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The content of one image on its way in. What it brought is removed when it is closed without {@link #commit()},
 * unless another image needs it too. Methods may be called from several threads; {@link #close()} after all of them.
 */
public final class Ingest implements AutoCloseable {

    private final BlobStore blobs;
    private final LayerStore layers;
    private final VerifiedLayers verified;
    private final Pins pins;
    private final Set<Pins.Key> pinned = ConcurrentHashMap.newKeySet();
    private boolean committed;

    Ingest(BlobStore blobs, LayerStore layers, VerifiedLayers verified, Pins pins) {
        this.blobs = blobs;
        this.layers = layers;
        this.verified = verified;
        this.pins = pins;
    }

    /** Whether a blob is stored. It then stays at least until this is closed. */
    public boolean has(Digest digest) {
        pin(new Pins.Key(false, digest.hex()));
        return blobs.exists(digest);
    }

    /**
     * Stores a blob, checked while streaming. Repeatable.
     *
     * @throws io.berth.common.BerthException DIGEST_MISMATCH, NO_SPACE
     * @throws IOException if the stream fails
     */
    public void put(Digest digest, long size, InputStream content, String what) throws IOException {
        boolean there = has(digest);
        blobs.write(digest, size, content, what);
        if (!there) {
            pins.markFresh(new Pins.Key(false, digest.hex()));
        }
    }

    /** Stores a small blob that was read or made here. */
    public Digest put(byte[] content, String what) throws IOException {
        Digest digest = Digest.of(content);
        put(digest, content.length, new ByteArrayInputStream(content), what);
        return digest;
    }

    /**
     * Copies a stream of unknown digest to a temporary file.
     *
     * @param content bounded by whoever made it
     * @throws io.berth.common.BerthException NO_SPACE
     * @throws IOException if the stream fails
     */
    public Spool spool(InputStream content, String what) throws IOException {
        Path file = blobs.temporary(what);
        try {
            BlobStore.Stored stored = BlobStore.spool(file, content, Long.MAX_VALUE, what);
            return new Spool(file, stored.digest(), stored.size());
        } catch (IOException | RuntimeException e) {
            Files.deleteIfExists(file);
            throw e;
        }
    }

    /** Makes a spooled file a blob without copying it. */
    public void adopt(Spool spool, String what) {
        boolean there = has(spool.digest());
        blobs.publish(spool.file(), spool.digest(), what);
        if (!there) {
            pins.markFresh(new Pins.Key(false, spool.digest().hex()));
        }
    }

    /**
     * Unpacks a stored blob as a layer, or makes sure that it is the layer that is already unpacked. Blocks, for a big
     * layer for seconds.
     *
     * @return bytes of the layer's uncompressed tar
     * @throws io.berth.common.BerthException DIGEST_MISMATCH, INVALID_IMAGE, NO_SPACE
     */
    public long unpack(Digest blob, Digest diffId) throws IOException {
        pin(new Pins.Key(false, blob.hex()));
        Pins.Key key = new Pins.Key(true, diffId.hex());
        pin(key);
        long size = layers.ensure(diffId, () -> blobs.open(blob));
        if (size >= 0) {
            pins.markFresh(key);
        } else {
            var known = verified.find(blob).filter(v -> v.diffId().equals(diffId));
            if (known.isPresent()) {
                return known.get().unpackedBytes();
            }
            size = layers.verify(diffId, () -> blobs.open(blob));
        }
        try {
            verified.remember(blob, new VerifiedLayers.Verified(diffId, size));
        } catch (IOException e) {
            throw Disk.failure("layer " + diffId, e); // not a failure of the stream, which callers take others for
        }
        return size;
    }

    /** Keeps what was brought. */
    public void commit() {
        committed = true;
    }

    @Override
    public void close() {
        for (Pins.Key key : pinned) {
            pins.release(key, committed);
        }
        pinned.clear();
    }

    private void pin(Pins.Key key) {
        if (pinned.add(key)) {
            pins.pin(key);
        }
    }
}
