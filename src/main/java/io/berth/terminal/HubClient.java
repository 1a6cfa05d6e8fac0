package io.berth.terminal;

/** One who reads a {@link StreamHub}. Called on any thread, also inside the hub's lock: hand over and return. */
interface HubClient {

    /** There may be something to read, or the end. */
    void outputAvailable();

    /** Another client has taken over writing. */
    void becameViewer();

    /** Somebody came, left or took over. */
    void presenceChanged();

    /** The hub goes away. */
    void close(CloseCode code, String reason);
}
