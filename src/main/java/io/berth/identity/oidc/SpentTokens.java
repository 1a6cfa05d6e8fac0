package io.berth.identity.oidc;

import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Tokens that are good once and were used, until they lapse. Only tokens that the provider has signed get here; should it make more than
 * are kept, the oldest are forgotten, since each is good for some minutes anyway.
 */
final class SpentTokens {

    static final int MOST = 10_000;

    private final Clock clock;
    /** Oldest first: they live about equally long. */
    private final Map<String, Instant> spent = new LinkedHashMap<>();

    SpentTokens(Clock clock) {
        this.clock = clock;
    }

    /** @return whether it was not spent before */
    synchronized boolean spend(String id, Instant until) {
        Instant now = clock.instant();
        Instant before = spent.get(id);
        if (before != null && now.isBefore(before)) {
            return false;
        }
        if (spent.size() >= MOST) {
            spent.values().removeIf(end -> !now.isBefore(end));
        }
        if (spent.size() >= MOST) {
            spent.remove(spent.keySet().iterator().next());
        }
        spent.put(id, until);
        return true;
    }

    /** It was not used after all. */
    synchronized void restore(String id) {
        spent.remove(id);
    }
}
