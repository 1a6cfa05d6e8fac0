package io.berth.terminal;

import java.util.List;

/**
 * Who is attached to a process.
 *
 * @param clients how many they are
 * @param attached the writer first, then the client that is told, then the others as they came; at most {@link #MOST_NAMED}
 */
record Presence(int clients, List<Participant> attached) {

    /** Above it there is only a number. */
    static final int MOST_NAMED = 20;

    Presence {
        attached = List.copyOf(attached);
    }
}
