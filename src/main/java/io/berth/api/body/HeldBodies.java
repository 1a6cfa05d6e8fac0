package io.berth.api.body;

import io.berth.common.BerthException;
import io.berth.common.ErrorCode;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What bodies hold: how many of an address are on their way, and the memory of all whose requests are not answered yet. */
final class HeldBodies {

    private final long memory;
    private final int perAddress;

    private long held;
    private long heldByStrangers;
    private final Map<String, Share> shares = new HashMap<>();

    HeldBodies(long memory, int perAddress) {
        this.memory = memory;
        this.perAddress = perAddress;
    }

    private static final class Share {
        private int arriving;
        private int bodies;
        private long bytes;
    }

    /**
     * Begins to receive one.
     *
     * @param stranger whether the sender has no good credentials
     * @throws BerthException {@code RATE_LIMITED} if the address has too many on their way
     */
    synchronized Held begin(String address, boolean stranger) {
        Share share = shares.get(address);
        if (share != null && share.arriving >= perAddress) {
            throw new BerthException(
                    ErrorCode.RATE_LIMITED,
                    perAddress + " bodies from this address have not arrived yet: send them to their end first");
        }
        return new Held(address, stranger);
    }

    /** One body's part. */
    final class Held {

        private final String address;
        private final boolean stranger;
        private @Nullable Share share;
        private boolean arriving = true;
        private long bytes;

        /** Under the lock. */
        private Held(String address, boolean stranger) {
            this.address = address;
            this.stranger = stranger;
            Share mine = shares.computeIfAbsent(address, key -> new Share());
            mine.arriving++;
            mine.bodies++;
            this.share = mine;
        }

        /** @throws BerthException {@code RATE_LIMITED} or {@code UNAVAILABLE} if there is no room for so much more */
        void add(int count) {
            synchronized (HeldBodies.this) {
                Share mine = share;
                if (mine == null) {
                    return;
                }
                if (mine.bytes + count > memory / 4) {
                    throw new BerthException(
                            ErrorCode.RATE_LIMITED, "the bodies from this address fill its share of the memory");
                }
                if (held + count > memory || stranger && heldByStrangers + count > memory / 2) {
                    throw new BerthException(
                            ErrorCode.UNAVAILABLE, "too many bodies are being received: try again in a moment");
                }
                change(mine, count);
            }
        }

        /** It has arrived; its memory stays its. */
        void arrived() {
            synchronized (HeldBodies.this) {
                if (arriving && share != null) {
                    arriving = false;
                    share.arriving--;
                }
            }
        }

        /** Gives everything back; repeatable. */
        void release() {
            synchronized (HeldBodies.this) {
                Share mine = share;
                if (mine == null) {
                    return;
                }
                arrived();
                change(mine, -bytes);
                share = null;
                if (--mine.bodies == 0) {
                    shares.remove(address);
                }
            }
        }

        private void change(Share mine, long count) {
            bytes += count;
            mine.bytes += count;
            held += count;
            heldByStrangers += stranger ? count : 0;
        }
    }
}
