package io.berth.engine.local;

import static io.berth.engine.local.Attempt.attempt;

import io.berth.engine.ContainerConfig;
import io.berth.engine.EngineException;
import io.berth.engine.EngineException.Reason;
import io.berth.engine.Exit;
import io.berth.engine.ResourceLimits;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jboss.logging.Logger;

/** What is done to a container that runs: signals, an end, a pause, other limits. */
record RunControls(LocalParts parts, Containers containers) {

    private static final Logger LOG = Logger.getLogger(RunControls.class);
    /** So long a monitor may take to tell of the end of what was killed; then it is killed, too. */
    private static final Duration MONITOR_DEADLINE = Duration.ofSeconds(10);

    private static final Duration LAST_DEADLINE = Duration.ofSeconds(5);

    /** To the main process; nothing if it does not run. */
    void signal(LocalContainer container, int signal) {
        container.lockForCommand();
        try {
            Run run = container.run;
            if (run != null && run.startedAt != null) {
                String cgroup = Launcher.cgroup(container.config);
                attempt(
                        "signal container " + container.id(),
                        () -> parts.pidfds().signalIn(cgroup, run.pid, signal));
            }
        } finally {
            container.lock.unlock();
        }
    }

    /** Ends everything in it, and waits for that: seconds at most. */
    Exit kill(LocalContainer container) {
        Run run = container.run;
        if (run != null) {
            run.killed = true;
            attempt("kill container " + container.id(), () -> parts.cgroups().kill(Launcher.cgroup(container.config)));
            awaitExit(container, run);
        }
        Exit exit = container.lastExit;
        return exit == null ? LocalContainer.unknownExit() : exit;
    }

    private void awaitExit(LocalContainer container, Run run) {
        if (!hasEnded(container, run, MONITOR_DEADLINE)) {
            LOG.warnf("the monitor of %s does not tell of its end: it is killed", container.id());
            attempt("kill the monitor of " + container.id(), () -> containers.killMonitor(container.id()));
            if (!hasEnded(container, run, LAST_DEADLINE)) {
                throw new EngineException(Reason.INTERNAL, "container " + container.id() + " did not end");
            }
        }
    }

    private static boolean hasEnded(LocalContainer container, Run run, Duration within) {
        try {
            run.exit.get(within.toSeconds(), TimeUnit.SECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EngineException(Reason.INTERNAL, "interrupted while killing " + container.id(), e);
        } catch (ExecutionException e) {
            throw new EngineException(Reason.INTERNAL, "the exit of " + container.id() + " is unknown", e);
        }
    }

    void freeze(LocalContainer container, boolean frozen) {
        container.lockForCommand();
        try {
            Run run = container.requireStarted();
            if (run.paused == frozen) {
                throw new EngineException(
                        Reason.WRONG_STATE,
                        "container " + container.id() + (frozen ? " is paused already" : " is not paused"));
            }
            attempt(
                    (frozen ? "pause" : "resume") + " container " + container.id(),
                    () -> parts.cgroups().freeze(Launcher.cgroup(container.config), frozen));
            run.paused = frozen;
        } finally {
            container.lock.unlock();
        }
    }

    void limit(LocalContainer container, ResourceLimits limits) {
        container.lockForCommand();
        try {
            container.requireRun();
            attempt(
                    "limit container " + container.id(),
                    () -> parts.cgroups().limit(Launcher.cgroup(container.config), limits));
            record(container, container.config.withLimits(limits));
        } finally {
            container.lock.unlock();
        }
    }

    /** What is in force and what is recorded must not differ: the next start would set what nobody expects. */
    private void record(LocalContainer container, ContainerConfig changed) {
        try {
            containers.rewriteRecord(changed);
            container.config = changed;
        } catch (IOException e) {
            try {
                parts.cgroups().limit(Launcher.cgroup(container.config), container.config.limits());
            } catch (IOException | EngineException refused) {
                e.addSuppressed(refused);
            }
            throw Launcher.translate("could not record the limits of " + container.id(), e);
        }
    }
}
