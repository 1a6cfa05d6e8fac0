package io.berth.engine.local;

import io.berth.engine.Exit;
import io.berth.engine.netns.Networks.Sandbox;
import io.berth.engine.stdio.Connections;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One run of a container: from the moment the runtime has set it up to its exit. Fields change under the container's lock. */
final class Run {

    /** Names the run for all time. */
    final String id;

    final int pid;
    final Sandbox sandbox;
    /** That all its processes have; the one of the server that began it. */
    final @Nullable String appArmorProfile;

    final CompletableFuture<Exit> exit = new CompletableFuture<>();
    final Connections connections = new Connections(exit);

    @Nullable
    Instant startedAt;

    boolean paused;

    /** Set before all its processes are killed; until they are gone, what fails in it fails for that. */
    volatile boolean killed;

    Run(String id, int pid, Sandbox sandbox, @Nullable String appArmorProfile) {
        this.id = id;
        this.pid = pid;
        this.sandbox = sandbox;
        this.appArmorProfile = appArmorProfile;
    }

    /** What is kept of it beside the bundle, for a server that starts later. */
    record Stored(
            @Nullable String id,
            int pid,
            String namespace,
            String ipAddress,
            String gateway,
            int prefixLength,
            @Nullable String appArmorProfile) {

        static Stored of(Run run) {
            Sandbox sandbox = run.sandbox;
            return new Stored(
                    run.id,
                    run.pid,
                    sandbox.namespace().toString(),
                    sandbox.ipAddress(),
                    sandbox.gateway(),
                    sandbox.prefixLength(),
                    run.appArmorProfile);
        }

        /** Runs that were begun by an earlier version of Berth have no name of their own. */
        String name() {
            return id == null ? "pid-" + pid : id;
        }

        Sandbox sandbox() {
            return new Sandbox(java.nio.file.Path.of(namespace), ipAddress, gateway, prefixLength);
        }
    }
}
