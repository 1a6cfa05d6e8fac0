package io.berth.tenants.quota;

import java.util.List;

/**
 * Who holds a resource.
 *
 * @param count of all of them
 * @param names of a few
 */
public record Holders(long count, List<String> names) {

    /** How many names a refusal gives. */
    public static final int NAMED = 3;

    public Holders {
        names = List.copyOf(names);
    }

    /** {@code 5 running containers: web, db, cache and 2 more}. */
    String words(String what) {
        if (names.isEmpty()) {
            return count + " " + what;
        }
        long more = count - names.size();
        return count + " " + what + ": " + String.join(", ", names) + (more > 0 ? " and " + more + " more" : "");
    }
}
