package io.berth.engine.local;

import java.io.IOException;
import org.jboss.logging.Logger;

/** Work on the host whose failure is told as the engine's: {@code could not …}. */
final class Attempt {

    private static final Logger LOG = Logger.getLogger(Attempt.class);

    private Attempt() {}

    interface Action {
        void run() throws IOException;
    }

    interface Source<T> {
        T get() throws IOException;
    }

    /** @param what in words that follow "could not" */
    static void attempt(String what, Action action) {
        try {
            action.run();
        } catch (IOException e) {
            LOG.debugf(e, "could not %s", what);
            throw Launcher.translate("could not " + what, e);
        }
    }

    /** As {@link #attempt}, for what has an answer. */
    static <T> T get(String what, Source<T> source) {
        try {
            return source.get();
        } catch (IOException e) {
            throw Launcher.translate("could not " + what, e);
        }
    }
}
