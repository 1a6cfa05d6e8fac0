package io.berth.terminal;

/** What a client may do to a process. */
public enum Role {
    /** Sends input and sizes; one at a time. */
    WRITER,
    /** Reads only. */
    VIEWER;

    String wireName() {
        return this == WRITER ? "writer" : "viewer";
    }
}
