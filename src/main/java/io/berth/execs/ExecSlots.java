package io.berth.execs;

import io.berth.containers.ContainerHandle;
import io.berth.engine.ContainerId;
import io.berth.engine.ExecId;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/** Bounds how many plain execs of a container, and of its tenant, run at a time. */
final class ExecSlots {

    private final int most;
    private final ExecAdmission admission;
    private final Map<ContainerId, Integer> used = new ConcurrentHashMap<>();

    ExecSlots(int most, ExecAdmission admission) {
        this.most = most;
        this.admission = admission;
    }

    /** @throws io.berth.common.BerthException {@code RATE_LIMITED}, {@code QUOTA_EXCEEDED} */
    Slot take(ContainerHandle container, ExecId exec) {
        ExecAdmission.Place place = admission.take(container, exec);
        int now = used.merge(container.id(), 1, Integer::sum);
        Slot slot = new Slot(container.id(), place);
        if (now > most) {
            slot.close();
            throw ExecErrors.tooMany(container, most);
        }
        return slot;
    }

    /** A place for one exec. Closing it is repeatable. */
    final class Slot implements AutoCloseable {
        private final ContainerId container;
        private final ExecAdmission.Place place;
        private final AtomicBoolean free = new AtomicBoolean();

        private Slot(ContainerId container, ExecAdmission.Place place) {
            this.container = container;
            this.place = place;
        }

        @Override
        public void close() {
            if (free.compareAndSet(false, true)) {
                place.close();
                used.computeIfPresent(container, (id, count) -> count == 1 ? null : count - 1);
            }
        }
    }
}
