package io.berth.engine.local;

import io.berth.engine.ContainerConfig;
import io.berth.engine.ContainerId;
import io.berth.engine.ContainerStatus;
import io.berth.engine.EngineException;
import io.berth.engine.EngineException.Reason;
import io.berth.engine.Exit;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What the engine knows of a container. Everything that changes it holds {@link #lock}, commands by {@link #lockForCommand};
 * the fields are safe to read.
 */
final class LocalContainer {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    final ReentrantLock lock = new ReentrantLock();

    /** For the files in it: held while one is written. Taken after {@link #lock} if both are. */
    final ReentrantLock renames = new ReentrantLock();

    volatile ContainerConfig config;

    /** {@code null} when it does not run. */
    volatile @Nullable Run run;

    volatile @Nullable Exit lastExit;

    /** Whether nothing is left of its last run but what it keeps. */
    volatile boolean down;

    LocalContainer(ContainerConfig config) {
        this.config = config;
    }

    /**
     * Locks it. Somebody may unpack an archive into it for minutes: whoever comes meanwhile must not stay as long, with his
     * thread.
     *
     * @throws EngineException {@code WRONG_STATE} after some seconds
     */
    void lockForCommand() {
        lockWithin(PATIENCE);
    }

    void lockWithin(Duration patience) {
        try {
            if (!lock.tryLock(patience.toNanos(), TimeUnit.NANOSECONDS)) {
                throw new EngineException(Reason.WRONG_STATE, "container " + id() + " is being worked on");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EngineException(Reason.INTERNAL, "interrupted while waiting for " + id(), e);
        }
    }

    ContainerId id() {
        return config.id();
    }

    ContainerStatus status() {
        Run current = run;
        if (current == null) {
            Exit exit = lastExit;
            return new ContainerStatus.Stopped(exit == null ? unknownExit() : exit);
        }
        Instant startedAt = current.startedAt;
        if (startedAt == null) {
            return new ContainerStatus.Created(current.pid);
        }
        return current.paused
                ? new ContainerStatus.Paused(current.pid, startedAt)
                : new ContainerStatus.Running(current.pid, startedAt);
    }

    static Exit unknownExit() {
        return new Exit(Exit.UNKNOWN_CODE, false, Instant.now());
    }

    /** The present run. @throws EngineException {@code WRONG_STATE} if there is none */
    Run requireRun() {
        Run current = run;
        if (current == null) {
            throw new EngineException(Reason.WRONG_STATE, "container " + id() + " does not run");
        }
        return current;
    }

    /** The present run, whose process was started. */
    Run requireStarted() {
        Run current = requireRun();
        if (current.startedAt == null) {
            throw new EngineException(Reason.WRONG_STATE, "container " + id() + " is not started yet");
        }
        return current;
    }

    /** The present run, whose processes are not frozen either. */
    Run requireRunning() {
        Run current = requireStarted();
        if (current.paused) {
            throw new EngineException(Reason.WRONG_STATE, "container " + id() + " is paused");
        }
        return current;
    }
}
