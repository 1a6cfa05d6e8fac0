package io.berth.engine.local;

import io.berth.engine.GroupId;
import io.berth.engine.cgroup.Cgroups;
import io.berth.engine.stdio.PipeProcess;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jboss.logging.Logger;

/**
 * Charges runtimes that wait for the process of an exec to its group: a process can keep its parent busy, by making it its
 * tracer for example. Not before the process runs: a runtime that sets one up holds locks of the whole host, and must not
 * be stopped halfway because its group's time is spent. So an exec that is over at once costs nothing here.
 */
final class ExecCharges implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(ExecCharges.class);
    private static final int FIRST_MILLIS = 20;
    /** Then it is charged however far it has come. */
    private static final int LAST_MILLIS = 1000;

    private final Cgroups cgroups;
    private final ScheduledThreadPoolExecutor thread;

    ExecCharges(Cgroups cgroups) {
        this.cgroups = cgroups;
        this.thread = new ScheduledThreadPoolExecutor(1, task -> {
            Thread made = new Thread(task, "berth-exec-charges");
            made.setDaemon(true);
            return made;
        });
        thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    /** Returns at once. */
    void add(GroupId group, PipeProcess runtime, BooleanSupplier ended, BooleanSupplier begun) {
        add(group, runtime, ended, begun, FIRST_MILLIS);
    }

    private void add(GroupId group, PipeProcess runtime, BooleanSupplier ended, BooleanSupplier begun, int waited) {
        if (thread.isShutdown()) {
            return;
        }
        thread.schedule(
                () -> {
                    if (ended.getAsBoolean()) {
                        return;
                    }
                    if (begun.getAsBoolean() || waited >= LAST_MILLIS) {
                        charge(group, runtime);
                    } else {
                        add(group, runtime, ended, begun, waited + FIRST_MILLIS);
                    }
                },
                FIRST_MILLIS,
                TimeUnit.MILLISECONDS);
    }

    private void charge(GroupId group, PipeProcess runtime) {
        try {
            runtime.withNumber(pid -> cgroups.charge(group.value(), pid));
        } catch (NoSuchFileException gone) {
            LOG.debugf("group %s is gone, and the exec with it", group);
        } catch (IOException e) {
            LOG.warnf(e, "the runtime of an exec is not charged to group %s", group);
        }
    }

    @Override
    public void close() {
        thread.shutdown();
    }
}
