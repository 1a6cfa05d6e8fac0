package io.berth.engine;

import io.berth.engine.EngineException.Reason;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** A container in memory. On the loop only. */
final class FakeContainer implements FakeProcess.Surroundings {

    final FakeLog log = new FakeLog();
    private final FakeProcessTable processes;
    private final Map<ExecId, FakeProcess> execs = new LinkedHashMap<>();
    private final TreeSet<String> touched = new TreeSet<>();

    final FakeFiles files;
    final FakeSessions sessions;
    ContainerConfig config;
    ResourceLimits limits;

    private @Nullable FakeProcess main;
    private boolean paused;
    boolean started;
    long diskBytes;
    Instant startedAt = Instant.EPOCH;

    FakeContainer(ContainerConfig config, FakeProcessTable processes) {
        this.processes = processes;
        this.sessions = new FakeSessions(config.id());
        this.files = new FakeFiles(config.readOnlyRootfs());
        this.config = config;
        this.limits = config.limits();
    }

    /** Gives it a main process that has not started yet. */
    FakeProcess setUp() {
        FakeProcess process = processes.spawn(config.process(), false, this);
        main = process;
        started = false;
        paused = false;
        return process;
    }

    /** Gives a stopped one another configuration, and a main process to it. */
    FakeProcess setUp(ContainerConfig newConfig) {
        if (!(status() instanceof ContainerStatus.Stopped)) {
            throw new EngineException(Reason.WRONG_STATE, "container is not stopped: " + config.id());
        }
        config = newConfig;
        limits = newConfig.limits();
        return setUp();
    }

    void start() {
        if (!(status() instanceof ContainerStatus.Created)) {
            throw new EngineException(Reason.WRONG_STATE, "container is not created: " + config.id());
        }
        started = true;
        startedAt = Instant.now();
        process().start();
        if (!config.stdin() && !config.process().terminal()) {
            process().inputEnded();
        }
    }

    void pause() {
        runningProcess();
        living().forEach(FakeProcess::freeze);
        paused = true;
    }

    void resume() {
        if (!(status() instanceof ContainerStatus.Paused)) {
            throw new EngineException(Reason.WRONG_STATE, "container is not paused: " + config.id());
        }
        paused = false;
        living().forEach(FakeProcess::thaw);
    }

    void kill() {
        killOthers();
        process().signal(9);
    }

    void killOthers() {
        others().forEach(p -> p.signal(9));
    }

    /** Sessions outlive the server that began them, execs do not. */
    void killExecs() {
        execs.values().forEach(p -> p.signal(9));
    }

    FakeStream exec(ExecId exec, ContainerConfig.ProcessConfig process, boolean stdin) {
        runningProcess();
        FakeProcess spawned = processes.spawn(process, true, withoutLog());
        execs.put(exec, spawned);
        FakeStream stream = spawned.connect();
        spawned.start();
        if (!stdin) {
            stream.closeInput();
        }
        return stream;
    }

    FakeStream openSession(ExecId exec, ContainerConfig.ProcessConfig process) {
        runningProcess();
        return sessions.open(exec, process, processes, withoutLog());
    }

    FakeProcess process() {
        if (main == null) {
            throw new IllegalStateException("container has no process: " + config.id());
        }
        return main;
    }

    ContainerStatus status() {
        FakeProcess process = process();
        if (process.ended()) {
            return new ContainerStatus.Stopped(process.exit.join());
        }
        if (!started) {
            return new ContainerStatus.Created(process.pid);
        }
        return paused
                ? new ContainerStatus.Paused(process.pid, startedAt)
                : new ContainerStatus.Running(process.pid, startedAt);
    }

    FakeProcess runningProcess() {
        if (!(status() instanceof ContainerStatus.Running)) {
            throw new EngineException(Reason.WRONG_STATE, "container " + config.id() + " is not running: " + status());
        }
        return process();
    }

    /** That its main process has not ended, started or not. */
    void requireAlive() {
        if (process().ended()) {
            throw new EngineException(Reason.WRONG_STATE, "container is not running: " + config.id());
        }
    }

    /** All processes but the main one. */
    private List<FakeProcess> others() {
        List<FakeProcess> all = new ArrayList<>(sessions.processes());
        all.addAll(execs.values());
        return all;
    }

    List<FakeProcess> living() {
        List<FakeProcess> all = others();
        all.add(process());
        all.removeIf(FakeProcess::ended);
        all.sort(Comparator.comparingInt(p -> p.pid));
        return all;
    }

    /** What is alive of it, by the pids that it sees itself. */
    List<ProcessInfo> processes() {
        requireAlive();
        int first = process().pid;
        return living().stream()
                .map(p -> new ProcessInfo(1 + p.pid - first, 0, 0, "S", 1, 1 << 20, String.join(" ", p.args)))
                .toList();
    }

    List<FileChange> changes(int limit) {
        return touched.stream()
                .limit(limit)
                .map(path -> new FileChange(path, FileChange.Kind.ADDED))
                .toList();
    }

    @Override
    public void wrote(OutputStreamKind kind, byte[] bytes) {
        log.append(kind, bytes);
    }

    @Override
    public void touched(String path) {
        touched.add(path);
    }

    /** For processes whose output is not the container's log. */
    private FakeProcess.Surroundings withoutLog() {
        return new FakeProcess.Surroundings() {
            @Override
            public void wrote(OutputStreamKind kind, byte[] bytes) {}

            @Override
            public void touched(String path) {
                touched.add(path);
            }
        };
    }
}
