package io.berth.images.registry;

import io.berth.images.ImageService.PullProgress;
import io.berth.images.oci.Descriptor;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.atomic.AtomicLong;

/** Adds up what the layers of a pull have received, all together and each. Thread-safe. */
final class LayerProgress {

    private final PullProgress progress;
    private final long total;
    private final AtomicLong done = new AtomicLong();

    LayerProgress(PullProgress progress, long total) {
        this.progress = progress;
        this.total = total;
    }

    /** One more layer, which waits for its turn. */
    Layer layer(Descriptor descriptor) {
        Layer layer = new Layer(descriptor);
        layer.add("waiting", 0);
        return layer;
    }

    /** What one layer has received. */
    final class Layer {

        private final Descriptor descriptor;
        private final AtomicLong received = new AtomicLong();

        private Layer(Descriptor descriptor) {
            this.descriptor = descriptor;
        }

        void add(String message, long bytes) {
            progress.update(message, done.addAndGet(bytes), total);
            progress.layer(descriptor.digest(), message, received.addAndGet(bytes), descriptor.size());
        }

        /** It is whole and unpacked; others may not be. */
        void finish() {
            progress.layer(descriptor.digest(), "done", received.get(), descriptor.size());
        }

        InputStream counting(InputStream in) {
            return new FilterInputStream(in) {
                @Override
                public int read() throws IOException {
                    byte[] one = new byte[1];
                    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
                }

                @Override
                public int read(byte[] buffer, int offset, int length) throws IOException {
                    int n = in.read(buffer, offset, length);
                    if (n > 0) {
                        add("downloading", n);
                    }
                    return n;
                }
            };
        }
    }
}
