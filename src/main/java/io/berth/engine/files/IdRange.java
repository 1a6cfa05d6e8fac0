package io.berth.engine.files;

/**
 * Which ids of the host a container's are.
 *
 * @param first id of the host that is the container's 0
 * @param size how many there are
 */
public record IdRange(int first, int size) {

    /** Whom the kernel shows in place of an id that is none of the container's. */
    public static final int NOBODY = 65534;

    int toHost(int id) {
        return first + (id < 0 || id >= size ? NOBODY : id);
    }

    int toContainer(int hostId) {
        long id = Integer.toUnsignedLong(hostId) - first;
        return id < 0 || id >= size ? NOBODY : (int) id;
    }
}
