package io.berth.execs;

import io.berth.engine.ContainerId;
import io.berth.engine.ExecId;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The execs on plain pipes, by container and id. */
final class PipeExecs {

    private final Map<ContainerId, Map<String, PipeExec>> all = new ConcurrentHashMap<>();

    void add(ContainerId container, ExecId id, PipeExec exec) {
        all.compute(container, (key, known) -> {
            Map<String, PipeExec> execs = known == null ? new ConcurrentHashMap<>() : known;
            execs.put(id.value(), exec);
            return execs;
        });
    }

    Optional<PipeExec> find(ContainerId container, String id) {
        return Optional.ofNullable(all.getOrDefault(container, Map.of()).get(id));
    }

    List<PipeExec> of(ContainerId container) {
        return List.copyOf(all.getOrDefault(container, Map.of()).values());
    }

    void remove(ContainerId container, ExecId id) {
        remove(container, id.value());
    }

    Optional<PipeExec> remove(ContainerId container, String id) {
        Optional<PipeExec> removed = find(container, id);
        all.computeIfPresent(container, (key, execs) -> {
            execs.remove(id);
            return execs.isEmpty() ? null : execs;
        });
        return removed;
    }

    /** Forgets the oldest of those that are over, as far as there are more than so many. */
    void forgetOld(ContainerId container, int most) {
        List<ExecId> over = of(container).stream()
                .filter(PipeExec::isOver)
                .map(PipeExec::id)
                .sorted(Comparator.comparing(ExecId::value))
                .toList();
        over.subList(0, Math.max(0, over.size() - most)).forEach(id -> remove(container, id));
    }

    void endAll() {
        all.values().forEach(execs -> execs.values().forEach(PipeExec::end));
    }
}
