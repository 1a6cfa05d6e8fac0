package io.berth.events;

/** Someone who wants to hear soon of new events. Every bean of this type does. */
public interface EventWatcher {

    /** Whether anything would come of a new event now; if nobody says so, events are sequenced at leisure. Must not block. */
    boolean isWatching();

    /** There may be events after those seen before. Called on one thread, which it may use for a query. */
    void advanced();
}
