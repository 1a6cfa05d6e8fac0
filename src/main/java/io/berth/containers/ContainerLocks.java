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

    private final KeyedLocks<ContainerId> locks = new KeyedLocks<>();

    /** Blocks as long as another holds it: for repairs, which have threads of their own. */
    KeyedLocks.Held lock(ContainerId id) {
        return locks.lock(id);
    }

    /**
     * For requests: one that waits keeps a thread from all others.
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
