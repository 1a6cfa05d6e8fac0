package io.berth.images.content;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Which content is in use by imports under way, and which of it no finished image has needed yet. What is released
 * unneeded by its last user is removed, so that failed imports leave nothing behind.
 */
final class Pins {

    /** A piece of content: a blob or a layer, by digest. */
    record Key(boolean layer, String hex) {}

    /** Takes content out of sight. Called under the lock: must be quick. */
    @FunctionalInterface
    interface Removal {
        void remove(Key key);
    }

    private final Map<Key, Integer> users = new HashMap<>();
    private final Set<Key> fresh = new HashSet<>();
    private final Removal removal;

    Pins(Removal removal) {
        this.removal = removal;
    }

    synchronized void pin(Key key) {
        users.merge(key, 1, Integer::sum);
    }

    /** Says that this pinned content was not there before. */
    synchronized void markFresh(Key key) {
        fresh.add(key);
    }

    /** @param needed whether an image that is kept needs it */
    synchronized void release(Key key, boolean needed) {
        if (needed) {
            fresh.remove(key);
        }
        boolean last = users.merge(key, -1, Integer::sum) == 0;
        if (last) {
            users.remove(key);
            if (fresh.remove(key)) {
                removal.remove(key);
            }
        }
    }
}
