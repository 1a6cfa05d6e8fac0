package io.berth.engine;

import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** How main processes ended, kept for whoever listens next when nobody does. On the loop only. */
final class FakeExits {

    private final FakeLoop loop;
    private final Map<ContainerId, Exit> unreported = new TreeMap<>();
    private @Nullable ExitListener listener;

    FakeExits(FakeLoop loop) {
        this.loop = loop;
    }

    void report(ContainerId container, Exit exit) {
        ExitListener to = listener;
        if (to == null) {
            unreported.put(container, exit);
        } else {
            loop.post(() -> to.exited(container, exit));
        }
    }

    void listen(ExitListener newListener) {
        listener = newListener;
        unreported.forEach(newListener::exited);
        unreported.clear();
    }

    /** As if the listener's server had stopped. */
    void loseListener() {
        listener = null;
    }

    /** The container is deleted: its exit concerns nobody. */
    void forget(ContainerId container) {
        unreported.remove(container);
    }
}
