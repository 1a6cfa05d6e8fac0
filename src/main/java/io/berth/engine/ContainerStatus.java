package io.berth.engine;

import java.time.Instant;

/** What the host says of a container now. */
public sealed interface ContainerStatus {

    /** Set up, main process not started. */
    record Created(int pid) implements ContainerStatus {}

    record Running(int pid, Instant startedAt) implements ContainerStatus {}

    record Paused(int pid, Instant startedAt) implements ContainerStatus {}

    /** The main process has ended; its writable layer and log are still there. */
    record Stopped(Exit exit) implements ContainerStatus {}
}
