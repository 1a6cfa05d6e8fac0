package io.berth.images;

import io.berth.tenants.TenantId;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Answers the lookups that every creation of a container makes, without the database. What is not found is not kept.
 * Thread-safe.
 */
final class ImageCache {

    private static final int SIZE = 4096;

    private record Key(TenantId tenant, String text) {}

    private final Map<Key, ResolvedImage> images = new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, ResolvedImage> eldest) {
            return size() > SIZE;
        }
    };
    private long changes;

    /** @param load looks where the truth is */
    Optional<ResolvedImage> get(TenantId tenant, String text, Supplier<Optional<ResolvedImage>> load) {
        Key key = new Key(tenant, text);
        long before;
        synchronized (this) {
            @Nullable ResolvedImage known = images.get(key);
            if (known != null) {
                return Optional.of(known);
            }
            before = changes;
        }
        Optional<ResolvedImage> found = load.get();
        found.ifPresent(image -> keep(key, image, before));
        return found;
    }

    /** Forgets a tenant's images, and those being looked up right now. */
    synchronized void invalidate(TenantId tenant) {
        changes++;
        images.keySet().removeIf(key -> key.tenant().equals(tenant));
    }

    private synchronized void keep(Key key, ResolvedImage image, long before) {
        if (changes == before) {
            images.put(key, image);
        }
    }
}
