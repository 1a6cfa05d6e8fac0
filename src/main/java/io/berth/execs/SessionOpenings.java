package io.berth.execs;

import io.berth.containers.ContainerHandle;
import io.berth.engine.ContainerId;
import io.berth.engine.ExecId;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** Bounds the terminal sessions of a container: those that the engine knows of, and those that are being opened. */
final class SessionOpenings {

    private final int most;
    private final Map<ContainerId, Set<ExecId>> opening = new ConcurrentHashMap<>();

    SessionOpenings(int most) {
        this.most = most;
    }

    /** A place for a session; to be closed once the engine knows it, or it could not be opened. Repeatable. */
    interface Opening extends AutoCloseable {
        @Override
        void close();
    }

    /**
     * Takes a place for a session that is about to be opened.
     *
     * @param running those that the engine knows of
     * @throws io.berth.common.BerthException {@code RATE_LIMITED}
     */
    Opening begin(ContainerHandle container, ExecId session, Supplier<Set<ExecId>> running) {
        ContainerId id = container.id();
        add(id, session);
        Opening place = () -> remove(id, session);
        try {
            // looked at after this one is in: of two at once, each sees the other
            Set<ExecId> all = new HashSet<>(running.get());
            all.addAll(opening.getOrDefault(id, Set.of()));
            if (all.size() > most) {
                throw ExecErrors.tooMany(container, most);
            }
            return place;
        } catch (RuntimeException e) {
            place.close();
            throw e;
        }
    }

    private void add(ContainerId container, ExecId session) {
        opening.compute(container, (key, known) -> {
            Set<ExecId> sessions = known == null ? ConcurrentHashMap.newKeySet() : known;
            sessions.add(session);
            return sessions;
        });
    }

    private void remove(ContainerId container, ExecId session) {
        opening.computeIfPresent(container, (key, sessions) -> {
            sessions.remove(session);
            return sessions.isEmpty() ? null : sessions;
        });
    }
}
