package io.berth.engine;

import io.berth.engine.EngineException.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * An engine in memory that keeps {@link ContainerEngineContract}. Its processes are the {@link FakeProgram}s; any other
 * command is not found. Users are root, nobody and any number.
 */
public final class FakeEngine implements ContainerEngine {

    private static final Set<String> USERS = Set.of("root", "nobody");

    private final FakeLoop loop = new FakeLoop();
    private final FakeMeters meters = new FakeMeters();
    private final Map<GroupId, GroupSpec> groups = new TreeMap<>();
    private final Map<ContainerId, FakeContainer> containers = new TreeMap<>();
    private final Map<ContainerId, Exit> unreported = new TreeMap<>();
    private final Map<String, Reason> failures = new ConcurrentHashMap<>();
    private int pids = 1000;
    private @Nullable ExitListener listener;

    /** Makes the next call of the port's method of that name fail, before it does anything. */
    public void failNext(String method, Reason reason) {
        failures.put(method, reason);
    }

    public void failNext(String method) {
        failNext(method, Reason.INTERNAL);
    }

    /** What a restart of the server does to it: plain execs end, connections break, the rest goes on. */
    public void disconnectAll() {
        loop.run(() -> {
            listener = null;
            containers.values().forEach(c -> c.execs.values().forEach(p -> p.signal(9)));
        });
    }

    /** Ends a main process as if it had done so itself. */
    public void end(ContainerId container, int code) {
        loop.run(() -> get(container).process().end(code));
    }

    /** Lets a running container's counters grow, and sets its memory. */
    public void use(ContainerId container, long cpuNanos, long memoryBytes, long received, long sent) {
        loop.run(() -> meters.use(container, cpuNanos, memoryBytes, received, sent));
    }

    /** Sets what a container, running or not, has on the disk. */
    public void occupy(ContainerId container, long bytes) {
        loop.run(() -> get(container).diskBytes = bytes);
    }

    /** The groups there are. */
    public Set<GroupId> groups() {
        return loop.call(() -> Set.copyOf(groups.keySet()));
    }

    private <T extends @Nullable Object> T call(String method, Supplier<T> body) {
        Reason failure = failures.remove(method);
        if (failure != null) {
            throw new EngineException(failure, method + " was told to fail");
        }
        return loop.call(body);
    }

    private void run(String method, Runnable body) {
        this.<@Nullable Object>call(method, () -> {
            body.run();
            return null;
        });
    }

    private FakeContainer get(ContainerId id) {
        FakeContainer container = containers.get(id);
        if (container == null) {
            throw new EngineException(Reason.NOT_FOUND, "no container " + id);
        }
        return container;
    }

    @Override
    public EngineInfo info() {
        return new EngineInfo("fake", 2, 1L << 32, Map.of(), Map.of());
    }

    @Override
    public void ensureGroup(GroupSpec group) {
        run("ensureGroup", () -> {
            Long memory = group.limits().memoryBytes();
            if (memory != null && memory < livingIn(group.id()) << 20) {
                throw new EngineException(Reason.INVALID, "the memory of group " + group.id() + " is in use");
            }
            groups.put(group.id(), group);
        });
    }

    @Override
    public void removeGroup(GroupId group) {
        run("removeGroup", () -> {
            if (containers.values().stream().anyMatch(c -> c.config.group().equals(group))) {
                throw new EngineException(Reason.WRONG_STATE, "group " + group + " has containers");
            }
            groups.remove(group);
        });
    }

    @Override
    public long groupPids(GroupId group) {
        return call("groupPids", () -> groups.containsKey(group) ? livingIn(group) : 0L);
    }

    private long livingIn(GroupId group) {
        return containers.values().stream()
                .filter(c -> c.config.group().equals(group))
                .mapToLong(c -> c.living().size())
                .sum();
    }

    @Override
    public ContainerStats groupStats(GroupId group) {
        return call("groupStats", () -> {
            GroupSpec spec = groups.get(group);
            if (spec == null) {
                throw new EngineException(Reason.NOT_FOUND, "no group " + group);
            }
            return stats(spec.limits(), livingIn(group));
        });
    }

    @Override
    public void restore() {}

    @Override
    public CreatedContainer create(ContainerConfig config) {
        return call("create", () -> {
            if (!groups.containsKey(config.group())) {
                throw new EngineException(Reason.NOT_FOUND, "no group " + config.group());
            }
            if (containers.containsKey(config.id())) {
                throw new EngineException(Reason.WRONG_STATE, "container exists: " + config.id());
            }
            FakeContainer container = new FakeContainer(config);
            CreatedContainer created = setUp(container);
            containers.put(config.id(), container);
            return created;
        });
    }

    @Override
    public CreatedContainer recreate(ContainerConfig config) {
        return call("recreate", () -> {
            FakeContainer container = get(config.id());
            if (!(container.status() instanceof ContainerStatus.Stopped)) {
                throw new EngineException(Reason.WRONG_STATE, "container is not stopped: " + config.id());
            }
            container.config = config;
            container.limits = config.limits();
            return setUp(container);
        });
    }

    private CreatedContainer setUp(FakeContainer container) {
        FakeProcess process = spawn(container.config.process(), false, container);
        container.main = process;
        meters.begin(container);
        container.started = false;
        container.paused = false;
        process.exit.thenAccept(exit -> ended(container, exit));
        return new CreatedContainer(
                process.pid, "10.0.0." + (containers.size() + 2), Map.of("fake", Duration.ofMillis(1)));
    }

    private FakeProcess spawn(
            ContainerConfig.ProcessConfig config, boolean pipes, FakeProcess.Surroundings surroundings) {
        FakeProgram program = FakeProgram.of(config.args())
                .orElseThrow(() -> new EngineException(
                        Reason.COMMAND_NOT_FOUND,
                        "no such command: " + config.args().get(0)));
        String user = config.user();
        if (user != null && !USERS.containsAll(Set.of(user.replaceAll(":.*", ""))) && !user.matches("\\d+(:\\d+)?")) {
            throw new EngineException(Reason.USER_NOT_FOUND, "no such user: " + user);
        }
        return new FakeProcess(loop, pids++, config, program, pipes, surroundings);
    }

    private void ended(FakeContainer container, Exit exit) {
        meters.end(container.config.id());
        container.log.finish();
        container.others().forEach(p -> p.signal(9));
        ExitListener to = listener;
        if (to == null) {
            unreported.put(container.config.id(), exit);
        } else {
            loop.post(() -> to.exited(container.config.id(), exit));
        }
    }

    @Override
    public void start(ContainerId id) {
        run("start", () -> {
            FakeContainer container = get(id);
            if (!(container.status() instanceof ContainerStatus.Created)) {
                throw new EngineException(Reason.WRONG_STATE, "container is not created: " + id);
            }
            container.started = true;
            container.startedAt = Instant.now();
            FakeProcess process = container.process();
            process.start();
            if (!container.config.stdin() && !container.config.process().terminal()) {
                process.inputEnded();
            }
        });
    }

    @Override
    public void signal(ContainerId container, int signal) {
        run("signal", () -> get(container).process().signal(signal));
    }

    @Override
    public Exit kill(ContainerId id) {
        return call("kill", () -> {
            FakeContainer container = get(id);
            container.others().forEach(p -> p.signal(9));
            container.process().signal(9);
            return container.process().exit.join();
        });
    }

    @Override
    public void pause(ContainerId id) {
        run("pause", () -> {
            FakeContainer container = get(id);
            container.runningProcess();
            container.living().forEach(FakeProcess::freeze);
            container.paused = true;
        });
    }

    @Override
    public void resume(ContainerId id) {
        run("resume", () -> {
            FakeContainer container = get(id);
            if (!(container.status() instanceof ContainerStatus.Paused)) {
                throw new EngineException(Reason.WRONG_STATE, "container is not paused: " + id);
            }
            container.paused = false;
            container.living().forEach(FakeProcess::thaw);
        });
    }

    @Override
    public void update(ContainerId id, ResourceLimits limits) {
        run("update", () -> {
            FakeContainer container = get(id);
            if (container.process().ended()) {
                throw new EngineException(Reason.WRONG_STATE, "container is not running: " + id);
            }
            container.limits = limits;
        });
    }

    @Override
    public void delete(ContainerId id) {
        run("delete", () -> {
            FakeContainer container = containers.remove(id);
            if (container != null) {
                container.others().forEach(p -> p.signal(9));
                container.process().signal(9);
                unreported.remove(id);
                container.files.remove();
            }
        });
    }

    @Override
    public Optional<ContainerStatus> status(ContainerId id) {
        return call("status", () -> Optional.ofNullable(containers.get(id)).map(FakeContainer::status));
    }

    @Override
    public List<ContainerId> list() {
        return call("list", () -> List.copyOf(containers.keySet()));
    }

    @Override
    public ProcessStream attach(ContainerId id) {
        return call("attach", () -> get(id).runningProcess().connect());
    }

    @Override
    public ExecProcess exec(ContainerId id, ExecId exec, ContainerConfig.ProcessConfig config, boolean stdin) {
        return call("exec", () -> {
            FakeContainer container = get(id);
            container.runningProcess();
            FakeProcess process = spawn(config, true, container.withoutLog());
            container.execs.put(exec, process);
            FakeStream stream = process.connect();
            process.start();
            if (!stdin) {
                stream.closeInput();
            }
            return stream;
        });
    }

    @Override
    public ProcessStream openSession(ContainerId id, ExecId exec, ContainerConfig.ProcessConfig config) {
        return call("openSession", () -> {
            FakeContainer container = get(id);
            container.runningProcess();
            if (container.sessions.containsKey(exec)) {
                throw new EngineException(Reason.WRONG_STATE, "session exists: " + exec);
            }
            var onTerminal = new ContainerConfig.ProcessConfig(
                    config.args(), config.env(), config.workingDir(), config.user(), true, config.terminalSize());
            FakeProcess process = spawn(onTerminal, false, container.withoutLog());
            container.sessions.put(exec, process);
            FakeStream stream = process.connect();
            process.start();
            return stream;
        });
    }

    private FakeProcess session(ContainerId id, ExecId exec) {
        FakeProcess session = get(id).sessions.get(exec);
        if (session == null) {
            throw new EngineException(Reason.NOT_FOUND, "no session " + exec + " of container " + id);
        }
        return session;
    }

    @Override
    public ProcessStream attachSession(ContainerId id, ExecId exec) {
        return call("attachSession", () -> session(id, exec).connect());
    }

    @Override
    public List<SessionStatus> sessions(ContainerId id) {
        return call("sessions", () -> {
            List<SessionStatus> all = new ArrayList<>();
            get(id).sessions
                    .forEach((exec, p) ->
                            all.add(new SessionStatus(exec, p.args, p.startedAt, p.ended() ? p.exit.join() : null)));
            return all;
        });
    }

    @Override
    public void signalSession(ContainerId id, ExecId exec, int signal) {
        run("signalSession", () -> session(id, exec).signal(signal));
    }

    @Override
    public void removeSession(ContainerId id, ExecId exec) {
        run("removeSession", () -> {
            FakeProcess process = get(id).sessions.get(exec);
            if (process != null && !process.ended()) {
                throw new EngineException(Reason.WRONG_STATE, "session runs: " + exec);
            }
            get(id).sessions.remove(exec);
        });
    }

    @Override
    public LogReader logs(ContainerId id, LogReader.Start start) {
        return call("logs", () -> get(id).log.read(start));
    }

    @Override
    public ContainerStats stats(ContainerId id) {
        return call("stats", () -> {
            FakeContainer container = get(id);
            if (container.process().ended()) {
                throw new EngineException(Reason.WRONG_STATE, "container is not running: " + id);
            }
            return stats(container.limits, container.living().size());
        });
    }

    private static ContainerStats stats(ResourceLimits limits, long processes) {
        long memory = processes << 20;
        return new ContainerStats(
                Instant.now(),
                processes * 1_000_000,
                0,
                memory,
                memory,
                limits.memoryBytes(),
                processes,
                limits.pids(),
                0,
                0,
                0,
                0,
                0);
    }

    @Override
    public List<MeterReading> meters() {
        return call("meters", meters::read);
    }

    @Override
    public void onLastReading(MeterListener newListener) {
        run("onLastReading", () -> meters.onLast(newListener));
    }

    @Override
    public DiskReading disk(ContainerId id, int entries, WalkPace pace) {
        return call(
                "disk",
                () -> new DiskReading(
                        id, get(id).config.group(), Instant.now(), new DiskSize(get(id).diskBytes, true)));
    }

    @Override
    public List<ProcessInfo> processes(ContainerId id) {
        return call("processes", () -> {
            FakeContainer container = get(id);
            if (container.process().ended()) {
                throw new EngineException(Reason.WRONG_STATE, "container is not running: " + id);
            }
            List<ProcessInfo> all = new ArrayList<>();
            for (FakeProcess process : container.living()) {
                all.add(new ProcessInfo(
                        1 + process.pid - container.process().pid,
                        0,
                        0,
                        "S",
                        1,
                        1 << 20,
                        String.join(" ", process.args)));
            }
            return all;
        });
    }

    @Override
    public List<FileChange> changes(ContainerId id, int limit) {
        return call("changes", () -> get(id).changes(limit));
    }

    @Override
    public ContainerFileSystem files(ContainerId id) {
        return call("files", () -> get(id).files.files());
    }

    @Override
    public void onExit(ExitListener newListener) {
        run("onExit", () -> {
            listener = newListener;
            unreported.forEach(newListener::exited);
            unreported.clear();
        });
    }

    @Override
    public void close() {
        loop.run(() -> containers.values().forEach(c -> c.files.remove()));
        loop.close();
    }
}
