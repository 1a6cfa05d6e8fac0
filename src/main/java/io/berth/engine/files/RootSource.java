package io.berth.engine.files;

import java.io.IOException;

/** Opens the root of one container, as its state has it. */
public interface RootSource {

    /** For reading; may be kept open, and closed by any thread. Nothing waits for it. */
    Root toRead() throws IOException;

    /** For writing; to be closed soon, by the same thread: a stopped container cannot be started or deleted before that. */
    Root toWrite() throws IOException;
}
