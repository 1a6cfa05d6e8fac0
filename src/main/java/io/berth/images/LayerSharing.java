package io.berth.images;

import io.berth.images.oci.Descriptor;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * Which layers images have for themselves. What layers an image has never changes, so each is read once while it is remembered.
 * Thread-safe.
 */
final class LayerSharing {

    private static final int REMEMBERED = 4096;

    private final Function<Digest, List<Descriptor>> read;
    private final Map<Digest, List<Descriptor>> known = new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Digest, List<Descriptor>> eldest) {
            return size() > REMEMBERED;
        }
    };

    /** @param read the layers of an image, by its digest */
    LayerSharing(Function<Digest, List<Descriptor>> read) {
        this.read = read;
    }

    /** The layers that more than one of the images have. */
    Set<Digest> shared(Collection<Digest> images) {
        Set<Digest> seen = new HashSet<>();
        Set<Digest> shared = new HashSet<>();
        for (Digest image : new HashSet<>(images)) {
            for (Descriptor layer : distinct(image).values()) {
                if (!seen.add(layer.digest())) {
                    shared.add(layer.digest());
                }
            }
        }
        return shared;
    }

    /** Bytes of the image's layers that are not shared. */
    long own(Digest image, Set<Digest> shared) {
        return distinct(image).values().stream()
                .filter(layer -> !shared.contains(layer.digest()))
                .mapToLong(Descriptor::size)
                .sum();
    }

    private Map<Digest, Descriptor> distinct(Digest image) {
        Map<Digest, Descriptor> layers = new HashMap<>();
        layers(image).forEach(layer -> layers.put(layer.digest(), layer));
        return layers;
    }

    private List<Descriptor> layers(Digest image) {
        synchronized (known) {
            List<Descriptor> layers = known.get(image);
            if (layers != null) {
                return layers;
            }
        }
        List<Descriptor> layers = read.apply(image);
        synchronized (known) {
            known.put(image, layers);
        }
        return layers;
    }
}
