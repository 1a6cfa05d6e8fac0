package io.berth.images.content;

import io.berth.common.BerthException;
import io.berth.common.ErrorCode;
import io.berth.engine.syscall.Syscalls;
import io.berth.engine.syscall.TreeRemover;
import io.berth.images.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CountDownLatch;
import org.jboss.logging.Logger;

/** Unpacked layers, each in a directory named by its diffID, which is checked while unpacking. One appears whole or not at all. */
final class LayerStore {

    static final String TEMPORARY = ".tmp-";

    private static final Logger LOG = Logger.getLogger(LayerStore.class);

    private final Path layers;
    private final ContentLimits limits;
    private final LayerUnpacker unpacker;
    private final TreeRemover remover;
    private final ConcurrentMap<Digest, CountDownLatch> underway = new ConcurrentHashMap<>();

    /** Opens the packed layer anew. */
    @FunctionalInterface
    interface Source {
        InputStream open() throws IOException;
    }

    LayerStore(Path layers, Syscalls syscalls, ContentLimits limits) {
        this.layers = layers;
        this.limits = limits;
        this.unpacker = new LayerUnpacker(syscalls, limits);
        this.remover = new TreeRemover(syscalls);
    }

    Path path(Digest diffId) {
        return layers.resolve(diffId.hex());
    }

    boolean exists(Digest diffId) {
        return Files.isDirectory(path(diffId));
    }

    /**
     * Unpacks a layer unless it is there. When several ask at once, one works and the others wait; if that one's source
     * is bad, the next tries its own.
     *
     * @return its uncompressed size if this call unpacked it, otherwise -1
     * @throws BerthException INVALID_IMAGE, DIGEST_MISMATCH, NO_SPACE
     */
    long ensure(Digest diffId, Source source) throws IOException {
        while (!exists(diffId)) {
            CountDownLatch mine = new CountDownLatch(1);
            CountDownLatch other = underway.putIfAbsent(diffId, mine);
            if (other != null) {
                await(other);
                continue;
            }
            try {
                return exists(diffId) ? -1 : unpack(diffId, source);
            } finally {
                underway.remove(diffId, mine);
                mine.countDown();
            }
        }
        return -1;
    }

    /**
     * Reads a packed layer through, without unpacking it, to learn that it is what it is said to be.
     *
     * @return its uncompressed size
     */
    long verify(Digest diffId, Source source) throws IOException {
        try (InputStream packed = source.open();
                MeasuredStream tar = PackedStream.unpack(packed, limits.layerBytes(), limits.ratio())) {
            tar.drain();
            return check(diffId, tar);
        } catch (TarFormatException e) {
            throw invalid(diffId, e);
        }
    }

    private long unpack(Digest diffId, Source source) throws IOException {
        Path directory = create(diffId);
        try {
            long size = unpackInto(directory, diffId, source);
            Disk.syncFileSystem(directory);
            Files.move(directory, path(diffId), StandardCopyOption.ATOMIC_MOVE);
            Disk.syncDirectory(layers);
            return size;
        } catch (TarFormatException e) {
            discard(directory);
            throw invalid(diffId, e);
        } catch (InterruptedIOException e) {
            discard(directory);
            throw e;
        } catch (IOException e) {
            discard(directory);
            throw Disk.failure("layer " + diffId, e);
        } catch (RuntimeException | Error e) {
            discard(directory);
            throw e;
        }
    }

    private long unpackInto(Path directory, Digest diffId, Source source) throws IOException {
        try (InputStream packed = source.open();
                MeasuredStream tar = PackedStream.unpack(packed, limits.layerBytes(), limits.ratio())) {
            unpacker.unpack(tar, directory);
            tar.drain();
            return check(diffId, tar);
        }
    }

    private static long check(Digest diffId, MeasuredStream tar) {
        Digest found = tar.digest();
        if (!found.equals(diffId)) {
            throw new BerthException(
                    ErrorCode.DIGEST_MISMATCH,
                    "the layer with diffID " + diffId + " unpacks to " + found + ": the image lies about it");
        }
        return tar.count();
    }

    private Path create(Digest diffId) {
        try {
            return Files.createTempDirectory(layers, TEMPORARY + diffId.hex().substring(0, 12) + "-");
        } catch (IOException e) {
            throw Disk.failure("layer " + diffId, e);
        }
    }

    private void discard(Path directory) {
        try {
            remover.remove(directory);
        } catch (IOException e) {
            // the next start removes it
            LOG.warnf(e, "could not remove %s", directory);
        }
    }

    private static BerthException invalid(Digest diffId, TarFormatException e) {
        return new BerthException(ErrorCode.INVALID_IMAGE, "layer " + diffId + ": " + e.getMessage(), e);
    }

    private static void await(CountDownLatch latch) throws InterruptedIOException {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while another request unpacks the layer");
        }
    }
}
