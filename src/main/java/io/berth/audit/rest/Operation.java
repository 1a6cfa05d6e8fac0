package io.berth.audit.rest;

import java.util.List;

/**
 * An operation of the contract.
 *
 * @param segments of its path; a parameter stands in braces
 * @param objectType the kind of thing it is done to, {@code container}
 * @param makes whether it adds a thing to a collection, whose name only the answer tells
 */
record Operation(String method, String id, List<String> segments, String objectType, boolean makes) {

    static boolean isParameter(String segment) {
        return segment.startsWith("{");
    }

    /** The more of a path is fixed, the better it fits. */
    int fixed() {
        return (int) segments.stream().filter(segment -> !isParameter(segment)).count();
    }
}
