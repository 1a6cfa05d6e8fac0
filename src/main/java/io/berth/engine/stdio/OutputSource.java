package io.berth.engine.stdio;

import java.io.IOException;

/** Where a stream's output comes from. Used on the event loop only. */
interface OutputSource extends AutoCloseable {

    /** What is to be done after a turn. */
    enum Next {
        /** Nothing is there; wait until the socket is readable. */
        WAIT,
        /** There is more; others have their turn first. */
        AGAIN,
        /** What the socket holds now is just what follows: it can go on from there. */
        LEVEL,
        /** Nothing will come any more. */
        END
    }

    /** Delivers what there is, up to a bound, and until the gate closes. */
    Next pump(Gate gate) throws IOException;

    @Override
    void close();
}
