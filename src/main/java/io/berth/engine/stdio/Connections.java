package io.berth.engine.stdio;

import io.berth.engine.Exit;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The connections to one process that conmon supervises. As long as the process runs, one whose listener is paused holds it
 * up; once it has ended none does, as conmon could not tell of the end before it has sent all that was written. Thread-safe.
 */
public final class Connections {

    private final CompletionStage<Exit> exit;
    private final Set<ConmonStream> open = new HashSet<>();
    private @Nullable Watch watch;
    private boolean watched;
    private boolean ended;

    /** Waits for the end of the process. */
    @FunctionalInterface
    public interface Watch {

        /** Takes a few system calls. @param ended to be called then, on any thread */
        void begin(Runnable ended);
    }

    /** @param exit completes when the exit file is there */
    public Connections(CompletionStage<Exit> exit) {
        this.exit = exit;
    }

    /**
     * The process has begun.
     *
     * @param how it is watched, as soon as there is a connection: a descriptor kept for each process that nobody listens to
     *     would make each start of a program slower
     */
    public void begin(Watch how) {
        synchronized (this) {
            watch = how;
        }
        watchIfNeeded();
    }

    CompletionStage<Exit> exit() {
        return exit;
    }

    void add(ConmonStream stream) {
        synchronized (this) {
            if (ended) {
                stream.letGo();
                return;
            }
            open.add(stream);
        }
        watchIfNeeded();
    }

    private void watchIfNeeded() {
        Watch how;
        synchronized (this) {
            how = watch;
            if (how == null || watched || open.isEmpty()) {
                return;
            }
            watched = true;
        }
        how.begin(this::processEnded);
    }

    synchronized void remove(ConmonStream stream) {
        open.remove(stream);
    }

    /** The process has ended, whether or not conmon has. */
    private synchronized void processEnded() {
        ended = true;
        List.copyOf(open).forEach(ConmonStream::letGo);
        open.clear();
    }
}
