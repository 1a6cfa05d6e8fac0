package io.berth.containers.store;

import io.berth.engine.ContainerId;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Timings that were known only after a container was stored, as its start goes on beside that. They are kept in memory, and come
 * with the container whenever it is read, so that its next change stores them, too. Of the latest containers only.
 */
@ApplicationScoped
class LateTimings {

    private static final int KEPT_AT_MOST = 1000;

    private final Map<String, Late> kept = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Late> eldest) {
            return size() > KEPT_AT_MOST;
        }
    };

    private record Late(long version, Map<String, Double> timings) {}

    /** @param version that the container was stored at */
    synchronized void put(ContainerId id, long version, Map<String, Double> timings) {
        kept.put(id.value(), new Late(version, timings));
    }

    /** Empty if nothing came late, or was stored since. */
    synchronized Optional<Map<String, Double>> find(String id, long version) {
        return Optional.ofNullable(kept.get(id))
                .filter(late -> late.version() == version)
                .map(Late::timings);
    }

    synchronized void remove(ContainerId id) {
        kept.remove(id.value());
    }
}
