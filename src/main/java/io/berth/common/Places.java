package io.berth.common;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Places that parties share, so that none takes them all: one has a quarter at most, one credential half of that, and the last
 * quarter is kept for parties that have few.
 */
public final class Places {

    private static final int FEW = 64;

    private final int total;
    private final int ofParty;
    private final int ofCredential;
    private final int common;
    private final int few;
    private final Map<String, Integer> parties = new HashMap<>();
    private final Map<String, Integer> credentials = new HashMap<>();
    private int taken;

    public Places(int total) {
        this.total = total;
        this.ofParty = Math.max(1, total / 4);
        this.ofCredential = Math.max(1, ofParty / 2);
        this.common = total - total / 4;
        this.few = Math.max(1, total / FEW);
    }

    /** What came of asking for a place. */
    public sealed interface Answer permits Place, Full {}

    /** Why there is none, in words for who asked. */
    public record Full(String why) implements Answer {}

    /** A place, until it is closed. */
    public final class Place implements Answer, AutoCloseable {

        private final String party;
        private final String credential;
        private final AtomicBoolean closed = new AtomicBoolean();

        private Place(String party, String credential) {
            this.party = party;
            this.credential = credential;
        }

        /** Gives it back. Repeatable. */
        @Override
        public void close() {
            if (closed.compareAndSet(false, true)) {
                leave(this);
            }
        }
    }

    /**
     * Never blocks.
     *
     * @param party who has a share, as a tenant
     * @param credential one of its credentials
     */
    public synchronized Answer take(String party, String credential) {
        int partyHas = parties.getOrDefault(party, 0);
        if (credentials.getOrDefault(credential, 0) >= ofCredential) {
            return new Full(ofCredential + " are open with this credential, which is its share of " + total
                    + ": close some first");
        }
        if (partyHas >= ofParty) {
            return new Full(
                    ofParty + " are open, which is the share of one tenant or user in " + total + ": close some first");
        }
        if (taken >= total || taken >= common && partyHas >= few) {
            return new Full("the server has too few places left: try again later");
        }
        taken++;
        parties.merge(party, 1, Integer::sum);
        credentials.merge(credential, 1, Integer::sum);
        return new Place(party, credential);
    }

    private synchronized void leave(Place place) {
        taken--;
        parties.computeIfPresent(place.party, Places::less);
        credentials.computeIfPresent(place.credential, Places::less);
    }

    @SuppressWarnings("NullAway") // null removes the entry
    private static Integer less(String key, Integer number) {
        return Objects.equals(number, 1) ? null : number - 1;
    }

    /** How many are taken. */
    public synchronized int taken() {
        return taken;
    }
}
