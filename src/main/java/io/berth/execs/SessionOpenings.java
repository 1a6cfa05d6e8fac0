package io.berth.execs;

import io.berth.containers.ContainerHandle;
import io.berth.engine.ContainerId;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;

/** Bounds the terminal sessions of a container: those that the engine knows of, and those that are being opened. */
final class SessionOpenings {

    private final int most;
    private final Map<ContainerId, Integer> opening = new ConcurrentHashMap<>();

    SessionOpenings(int most) {
        this.most = most;
    }

    /**
     * A place for one that is about to be opened; to be closed once the engine knows it, or it could not be opened.
     *
     * @param running counts those that the engine knows of
     * @throws io.berth.common.BerthException {@code RATE_LIMITED}
     */
    Opening begin(ContainerHandle container, LongSupplier running) {
        // counted first: of two at once, each sees the other in one of the two numbers
        int beginning = opening.merge(container.id(), 1, Integer::sum);
        Opening place = new Opening(container.id());
        if (beginning + running.getAsLong() > most) {
            place.close();
            throw ExecErrors.tooMany(container, most);
        }
        return place;
    }

    /** Closing it is repeatable. */
    final class Opening implements AutoCloseable {

        private final ContainerId container;
        private final AtomicBoolean closed = new AtomicBoolean();

        private Opening(ContainerId container) {
            this.container = container;
        }

        @Override
        public void close() {
            if (closed.compareAndSet(false, true)) {
                opening.computeIfPresent(container, (id, count) -> count == 1 ? null : count - 1);
            }
        }
    }
}
