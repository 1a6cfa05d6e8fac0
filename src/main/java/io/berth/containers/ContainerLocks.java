package io.berth.containers;

import io.berth.common.KeyedLocks;
import io.berth.engine.ContainerId;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Optional;

/** Serialises the commands on one container; those on different ones do not wait for each other. */
@ApplicationScoped
class ContainerLocks {

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration A_MOMENT = Duration.ofMillis(100);

    private final KeyedLocks<ContainerId> locks = new KeyedLocks<>();

    /**
     * For repairs: a few threads see to all containers, and a delete of many files takes minutes.
     *
     * @return empty if another thread holds it for longer than a command usually takes: to be tried again later
     */
    Optional<KeyedLocks.Held> lockForRepair(ContainerId id) {
        return locks.tryLock(id, A_MOMENT);
    }

    /**
     * For requests, and for what is done for one: who waits keeps a thread from all others.
     *
     * @throws io.berth.common.BerthException {@code WRONG_STATE} after some seconds
     */
    KeyedLocks.Held lockForCommand(ContainerId id) {
        return locks.tryLock(id, PATIENCE).orElseThrow(() -> ContainerErrors.busy(id));
    }

    /** Never blocks; empty if another thread holds it. */
    Optional<KeyedLocks.Held> tryLock(ContainerId id) {
        return locks.tryLock(id);
    }
}
