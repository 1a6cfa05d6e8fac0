package io.berth.engine.netns;

import java.util.BitSet;
import java.util.OptionalInt;

/**
 * The addresses of one subnet, given out in turn: an address just given back comes last, so that connections to its
 * former holder do not reach the next one. Not thread-safe.
 */
final class AddressQueue {

    private final Ipv4Subnet subnet;
    private final BitSet used;
    private int next;

    AddressQueue(Ipv4Subnet subnet) {
        this.subnet = subnet;
        this.used = new BitSet(subnet.containers());
    }

    /** The next free address, or empty if there is none. */
    OptionalInt take() {
        int size = subnet.containers();
        int index = used.nextClearBit(next);
        if (index >= size) {
            index = used.nextClearBit(0);
            if (index >= size) {
                return OptionalInt.empty();
            }
        }
        used.set(index);
        next = (index + 1) % size;
        return OptionalInt.of(subnet.firstContainer() + index);
    }

    /** Marks an address found in use. */
    void occupy(int address) {
        used.set(index(address));
    }

    void giveBack(int address) {
        used.clear(index(address));
    }

    private int index(int address) {
        int index = address - subnet.firstContainer();
        if (index < 0 || index >= subnet.containers()) {
            throw new IllegalArgumentException(Ipv4Subnet.format(address) + " is no container's in " + subnet);
        }
        return index;
    }
}
