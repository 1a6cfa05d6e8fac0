package io.berth.engine.stdio;

import io.berth.engine.Exit;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/**
 * The connections to one process that conmon supervises. As long as the process runs, one whose listener is paused holds it
 * up; once it has ended none does, as conmon could not tell of the end before it has sent all that was written. Thread-safe.
 */
public final class Connections {

    private final CompletionStage<Exit> exit;
    private final Set<ConmonStream> open = new HashSet<>();
    private boolean ended;

    /** @param exit completes when the exit file is there */
    public Connections(CompletionStage<Exit> exit) {
        this.exit = exit;
    }

    CompletionStage<Exit> exit() {
        return exit;
    }

    synchronized void add(ConmonStream stream) {
        if (ended) {
            stream.letGo();
        } else {
            open.add(stream);
        }
    }

    synchronized void remove(ConmonStream stream) {
        open.remove(stream);
    }

    /** To be called when the process has ended, whether or not conmon has. Repeatable; never blocks. */
    public synchronized void processEnded() {
        ended = true;
        List.copyOf(open).forEach(ConmonStream::letGo);
        open.clear();
    }
}
