package io.berth.terminal;

/** One who reads a {@link StreamHub}. Called on any thread, also inside the hub's lock: hand over and return. */
interface HubClient {

    /** There may be something to read, or the end. */
    void outputAvailable();

    /** Another client has taken over writing. */
    void becameViewer();

    /** Somebody came or left; so many are there now, this one included. */
    void clientsChanged(int number);

    /** The hub goes away. */
    void close(CloseCode code, String reason);
}
