package io.berth.containers;

import io.berth.common.KeyedLocks;
import io.berth.engine.ContainerId;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;

/** Serialises the commands on one container; those on different ones do not wait for each other. */
@ApplicationScoped
class ContainerLocks {

    private final KeyedLocks<ContainerId> locks = new KeyedLocks<>();

    KeyedLocks.Held lock(ContainerId id) {
        return locks.lock(id);
    }

    /** Never blocks; empty if another thread holds it. */
    Optional<KeyedLocks.Held> tryLock(ContainerId id) {
        return locks.tryLock(id);
    }
}
