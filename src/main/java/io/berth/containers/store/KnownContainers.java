package io.berth.containers.store;

import io.berth.containers.Container;
import io.berth.engine.ContainerId;
import jakarta.enterprise.context.ApplicationScoped;
import java.lang.ref.SoftReference;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The containers that were stored or read last, as they were. Whoever has one from here has to ask the database whether its version
 * is still the same ({@link ContainerStatements}): that is a small part of the work of reading it, and nothing is taken for
 * true that another writer, or a commit that failed, has made wrong. Timings that were known only after the start that was
 * stored ahead are here and nowhere else, until its next change stores them. Held softly: specifications may be large.
 */
@ApplicationScoped
class KnownContainers {

    private static final int KEPT_AT_MOST = 1000;

    private final Map<String, SoftReference<Container>> kept = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, SoftReference<Container>> eldest) {
            return size() > KEPT_AT_MOST;
        }
    };

    /** One that was stored. */
    synchronized void put(Container stored) {
        kept.put(stored.id().value(), new SoftReference<>(stored));
    }

    /** One that was read, and may have been stored anew since. */
    synchronized void putIfNewer(Container read) {
        Optional<Container> known = find(read.id().value());
        if (known.isEmpty() || known.get().version() < read.version()) {
            put(read);
        }
    }

    synchronized Optional<Container> find(String id) {
        return Optional.ofNullable(kept.get(id)).map(SoftReference::get);
    }

    Optional<Container> find(String id, long version) {
        return find(id).filter(container -> container.version() == version);
    }

    synchronized void remove(ContainerId id) {
        kept.remove(id.value());
    }
}
