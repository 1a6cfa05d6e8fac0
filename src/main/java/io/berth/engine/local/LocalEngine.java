package io.berth.engine.local;

import static io.berth.engine.local.Attempt.attempt;
import static io.berth.engine.local.Attempt.get;

import io.berth.common.Rollback;
import io.berth.engine.ContainerConfig;
import io.berth.engine.ContainerConfig.ProcessConfig;
import io.berth.engine.ContainerEngine;
import io.berth.engine.ContainerFileSystem;
import io.berth.engine.ContainerId;
import io.berth.engine.ContainerStats;
import io.berth.engine.ContainerStatus;
import io.berth.engine.CreatedContainer;
import io.berth.engine.DiskReading;
import io.berth.engine.EngineException;
import io.berth.engine.EngineException.Reason;
import io.berth.engine.EngineInfo;
import io.berth.engine.ExecId;
import io.berth.engine.ExecProcess;
import io.berth.engine.Exit;
import io.berth.engine.ExitListener;
import io.berth.engine.FileChange;
import io.berth.engine.GroupId;
import io.berth.engine.GroupSpec;
import io.berth.engine.LogReader;
import io.berth.engine.MeterListener;
import io.berth.engine.MeterReading;
import io.berth.engine.ProcessInfo;
import io.berth.engine.ProcessStream;
import io.berth.engine.ResourceLimits;
import io.berth.engine.SessionStatus;
import io.berth.engine.TerminalSize;
import io.berth.engine.WalkPace;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * The engine for one Linux machine: crun or runc under conmon, overlayfs over shared layers, a cgroup, a user namespace
 * and a bridge for each group.
 */
public final class LocalEngine implements ContainerEngine {

    private static final Logger LOG = Logger.getLogger(LocalEngine.class);

    private final LocalParts parts;
    private final Containers containers;
    private final Launcher launcher;
    private final Execs execs;
    private final Sessions sessions;
    private final ContainerRoots roots;
    private final RunControls controls;
    private final Readings readings;

    LocalEngine(LocalParts parts) throws IOException {
        this.parts = parts;
        this.launcher = parts.launcher();
        this.containers = new Containers(parts, launcher);
        this.controls = new RunControls(parts, containers);
        this.readings = new Readings(parts, containers);
        this.execs = new Execs(parts);
        this.sessions = new Sessions(parts, containers, execs);
        this.roots = new ContainerRoots(parts, containers);
        containers.adopt();
        sessions.adopt();
        endExecs();
    }

    /**
     * Opens the engine on a data directory, with what runs there already. Blocks for some milliseconds a container.
     *
     * @throws EngineException {@code HOST_INCOMPLETE} if the host lacks a program or a kernel feature
     */
    public static LocalEngine open(LocalParts parts) {
        try {
            return new LocalEngine(parts);
        } catch (IOException e) {
            throw Launcher.translate("could not open the engine", e);
        }
    }

    @Override
    public EngineInfo info() {
        return parts.hostInfo().get();
    }

    @Override
    public void ensureGroup(GroupSpec group) {
        attempt("set up group " + group.id(), () -> parts.groups().ensure(group));
    }

    @Override
    public void removeGroup(GroupId group) {
        if (containers.all().stream()
                .anyMatch(container -> container.config.group().equals(group))) {
            throw new EngineException(Reason.WRONG_STATE, "group " + group + " still has containers");
        }
        attempt("remove group " + group, () -> parts.groups().remove(group));
    }

    @Override
    public long groupPids(GroupId group) {
        return parts.groups().find(group).isEmpty()
                ? 0
                : get(
                        "count the processes of group " + group,
                        () -> parts.cgroups().pids(group.value()));
    }

    @Override
    public ContainerStats groupStats(GroupId group) {
        return readings.groupStats(group);
    }

    @Override
    public CreatedContainer create(ContainerConfig config) {
        parts.primer().prime();
        Groups.Group group = parts.groups().get(config.group());
        Phases phases = new Phases();
        LocalContainer container = new LocalContainer(config);
        container.lock.lock();
        try (Rollback rollback = new Rollback()) {
            containers.add(container);
            rollback.push("record of " + config.id(), () -> containers.forget(config.id()));
            containers.writeRecord(config);
            Run run = launcher.launch(config, group, phases);
            rollback.push("run of " + config.id(), () -> launcher.takeDown(config));
            containers.begin(container, run);
            rollback.disarm();
            return new CreatedContainer(run.pid, run.sandbox.ipAddress(), phases.durations());
        } catch (IOException e) {
            throw Launcher.translate("could not create container " + config.id(), e);
        } finally {
            container.lock.unlock();
        }
    }

    @Override
    public CreatedContainer recreate(ContainerConfig config) {
        parts.primer().prime();
        Groups.Group group = parts.groups().get(config.group());
        LocalContainer container = get("find container " + config.id(), () -> containers.restore(config));
        Phases phases = new Phases();
        container.lockForCommand();
        try {
            if (container.run != null) {
                throw new EngineException(Reason.WRONG_STATE, "container " + config.id() + " runs already");
            }
            takeDown(container);
            container.down = false;
            try (Rollback rollback = new Rollback()) {
                Run run = launcher.launch(config, group, phases);
                rollback.push("run of " + config.id(), () -> launcher.takeDown(config));
                if (!config.equals(container.config)) {
                    containers.rewriteRecord(config);
                }
                containers.begin(container, run);
                container.config = config;
                rollback.disarm();
                return new CreatedContainer(run.pid, run.sandbox.ipAddress(), phases.durations());
            }
        } catch (IOException e) {
            throw Launcher.translate("could not set up container " + config.id() + " again", e);
        } finally {
            container.lock.unlock();
        }
    }

    @Override
    public void start(ContainerId id) {
        LocalContainer container = containers.get(id);
        container.lockForCommand();
        try {
            Run run = container.requireRun();
            if (run.startedAt != null) {
                throw new EngineException(Reason.WRONG_STATE, "container " + id + " is started already");
            }
            attempt("start container " + id, () -> launcher.start(id, run));
        } finally {
            container.lock.unlock();
        }
    }

    @Override
    public void signal(ContainerId id, int signal) {
        controls.signal(containers.get(id), signal);
    }

    @Override
    public Exit kill(ContainerId id) {
        return controls.kill(containers.get(id));
    }

    @Override
    public void pause(ContainerId id) {
        controls.freeze(containers.get(id), true);
    }

    @Override
    public void resume(ContainerId id) {
        controls.freeze(containers.get(id), false);
    }

    @Override
    public void update(ContainerId id, ResourceLimits limits) {
        controls.limit(containers.get(id), limits);
    }

    @Override
    public void delete(ContainerId id) {
        Optional<LocalContainer> known = containers.find(id);
        if (known.isEmpty()) {
            if (containers.unreadable().contains(id)) {
                attempt("remove container " + id, () -> containers.forget(id));
            }
            return;
        }
        LocalContainer container = known.get();
        kill(id);
        container.lockForCommand();
        try {
            sessions.forget(id);
            takeDown(container);
            containers.forget(id);
        } catch (IOException e) {
            throw Launcher.translate("could not remove container " + id, e);
        } finally {
            container.lock.unlock();
        }
    }

    /** Once more, if its end has left something, or a session that came just then. */
    private void takeDown(LocalContainer container) {
        if (!container.down || Files.exists(parts.files().bundle(container.id()))) {
            container.down = launcher.takeDown(container.config);
        }
    }

    @Override
    public Optional<ContainerStatus> status(ContainerId id) {
        return containers.find(id).map(LocalContainer::status);
    }

    @Override
    public List<ContainerId> list() {
        return containers.all().stream().map(LocalContainer::id).sorted().toList();
    }

    @Override
    public ProcessStream attach(ContainerId id) {
        LocalContainer container = containers.get(id);
        Run run = container.requireRun();
        return get(
                "attach to container " + id,
                () -> parts.streams()
                        .attach(parts.files().bundle(id), parts.files().log(id), run.connections, false));
    }

    @Override
    public ExecProcess exec(ContainerId id, ExecId exec, ProcessConfig process, boolean stdin) {
        parts.primer().prime();
        LocalContainer container = containers.get(id);
        container.requireRunning();
        return get("exec in container " + id, () -> execs.start(container, exec, process, stdin));
    }

    @Override
    public ProcessStream openSession(ContainerId id, ExecId exec, ProcessConfig process) {
        parts.primer().prime();
        LocalContainer container = containers.get(id);
        container.requireRunning();
        return get("open a session in container " + id, () -> sessions.open(container, exec, process));
    }

    @Override
    public ProcessStream attachSession(ContainerId id, ExecId exec) {
        return get("attach to session " + exec, () -> sessions.attach(containers.get(id), exec));
    }

    @Override
    public List<SessionStatus> sessions(ContainerId id) {
        return sessions.list(containers.get(id).id());
    }

    @Override
    public void resizeSession(ContainerId id, ExecId exec, TerminalSize size) {
        sessions.resize(containers.get(id).id(), exec, size);
    }

    @Override
    public void signalSession(ContainerId id, ExecId exec, int signal) {
        attempt("signal session " + exec, () -> sessions.signal(containers.get(id), exec, signal));
    }

    @Override
    public void removeSession(ContainerId id, ExecId exec) {
        attempt("remove session " + exec, () -> sessions.remove(id, exec));
    }

    @Override
    public LogReader logs(ContainerId id, LogReader.Start start) {
        containers.get(id);
        return get(
                "read the log of " + id,
                () -> parts.streams().logs(parts.files().log(id), start));
    }

    @Override
    public ContainerStats stats(ContainerId id) {
        return readings.stats(containers.get(id));
    }

    @Override
    public List<MeterReading> meters() {
        return readings.meters();
    }

    @Override
    public void onLastReading(MeterListener listener) {
        parts.meters().onLast(listener);
    }

    @Override
    public DiskReading disk(ContainerId id, int entries, WalkPace pace) {
        return readings.disk(id, entries, pace);
    }

    @Override
    public List<ProcessInfo> processes(ContainerId id) {
        return readings.processes(containers.get(id));
    }

    @Override
    public List<FileChange> changes(ContainerId id, int limit) {
        containers.get(id);
        return get(
                "compare " + id + " with its image", () -> parts.snapshotter().changes(id, limit));
    }

    @Override
    public ContainerFileSystem files(ContainerId id) {
        return roots.files(containers.get(id));
    }

    @Override
    public void onExit(ExitListener listener) {
        containers.onExit(listener);
    }

    @Override
    public void restore() {
        attempt("restore the firewall's rules", parts.networks()::restoreRules);
    }

    /** The groups this data directory has. */
    public List<GroupId> groups() {
        return get("list the groups", () -> parts.groups().known());
    }

    /**
     * Deletes every container and group and whatever else this instance has on the host; the engine is closed after
     * it. Images and the database stay.
     */
    public void destroy() {
        list().forEach(this::delete);
        containers.unreadable().forEach(this::delete);
        groups().forEach(this::removeGroup);
        close();
        attempt("release the host", parts::release);
    }

    /** Execs on plain pipes end with the server; those that a killed one left, with the start of the next. */
    private void endExecs() {
        for (LocalContainer container : containers.all()) {
            try {
                if (container.run != null) {
                    execs.endAll(container);
                }
            } catch (IOException e) {
                LOG.warnf(e, "could not end the execs of %s", container.id());
            }
        }
    }

    @Override
    public void close() {
        endExecs();
        execs.close();
        parts.close();
    }
}
