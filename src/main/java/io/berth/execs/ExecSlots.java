package io.berth.execs;

import io.berth.containers.ContainerActivity;
import io.berth.containers.ContainerHandle;
import io.berth.engine.ContainerId;
import io.berth.engine.ExecId;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/** Bounds how many plain execs of a container, and of its tenant, run at a time; while they do the container is in use. */
final class ExecSlots {

    private final int most;
    private final ExecAdmission admission;
    private final ContainerActivity activity;
    private final Map<ContainerId, Integer> used = new ConcurrentHashMap<>();

    ExecSlots(int most, ExecAdmission admission, ContainerActivity activity) {
        this.most = most;
        this.admission = admission;
        this.activity = activity;
    }

    /** @throws io.berth.common.BerthException {@code RATE_LIMITED}, {@code QUOTA_EXCEEDED} */
    Slot take(ContainerHandle container, ExecId exec) {
        ExecAdmission.Place place = admission.take(container, exec);
        int now = used.merge(container.id(), 1, Integer::sum);
        Slot slot = new Slot(container.id(), place, activity.begin(container.id()));
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
        private final ContainerActivity.Use use;
        private final AtomicBoolean free = new AtomicBoolean();

        private Slot(ContainerId container, ExecAdmission.Place place, ContainerActivity.Use use) {
            this.container = container;
            this.place = place;
            this.use = use;
        }

        @Override
        public void close() {
            if (free.compareAndSet(false, true)) {
                place.close();
                use.close();
                used.computeIfPresent(container, (id, count) -> count == 1 ? null : count - 1);
            }
        }
    }
}
