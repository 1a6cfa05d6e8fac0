package io.berth.terminal;

/** What a client that wants to write does if another one writes already. */
enum WhenTaken {
    /** It is refused. */
    REFUSE,
    /** It becomes the writer, and the other a viewer. */
    TAKE_OVER,
    /** It becomes a viewer. */
    WATCH
}
