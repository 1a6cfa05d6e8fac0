package io.berth.engine;

import io.berth.engine.EngineException.Reason;
import java.time.Duration;
import java.time.Instant;
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

    private final FakeLoop loop = new FakeLoop();
    private final FakeProcessTable processes = new FakeProcessTable(loop);
    private final FakeExits exits = new FakeExits(loop);
    private final FakeMeters meters = new FakeMeters();
    private final Map<GroupId, GroupSpec> groups = new TreeMap<>();
    private final Map<ContainerId, FakeContainer> containers = new TreeMap<>();
    private final Map<String, Reason> failures = new ConcurrentHashMap<>();

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
            exits.loseListener();
            containers.values().forEach(FakeContainer::killExecs);
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
            FakeContainer container = new FakeContainer(config, processes);
            CreatedContainer created = created(container, container.setUp());
            containers.put(config.id(), container);
            return created;
        });
    }

    @Override
    public CreatedContainer recreate(ContainerConfig config) {
        return call("recreate", () -> {
            FakeContainer container = get(config.id());
            return created(container, container.setUp(config));
        });
    }

    private CreatedContainer created(FakeContainer container, FakeProcess process) {
        meters.begin(container);
        process.exit.thenAccept(exit -> ended(container, exit));
        return new CreatedContainer(
                process.pid, "10.0.0." + (containers.size() + 2), Map.of("fake", Duration.ofMillis(1)));
    }

    private void ended(FakeContainer container, Exit exit) {
        meters.end(container.config.id());
        container.log.finish();
        container.killOthers();
        exits.report(container.config.id(), exit);
    }

    @Override
    public void start(ContainerId id) {
        run("start", () -> get(id).start());
    }

    @Override
    public void signal(ContainerId container, int signal) {
        run("signal", () -> get(container).process().signal(signal));
    }

    @Override
    public Exit kill(ContainerId id) {
        return call("kill", () -> {
            FakeContainer container = get(id);
            container.kill();
            return container.process().exit.join();
        });
    }

    @Override
    public void pause(ContainerId id) {
        run("pause", () -> get(id).pause());
    }

    @Override
    public void resume(ContainerId id) {
        run("resume", () -> get(id).resume());
    }

    @Override
    public void update(ContainerId id, ResourceLimits limits) {
        run("update", () -> {
            FakeContainer container = get(id);
            container.requireAlive();
            container.limits = limits;
        });
    }

    @Override
    public void delete(ContainerId id) {
        run("delete", () -> {
            FakeContainer container = containers.remove(id);
            if (container != null) {
                container.kill();
                exits.forget(id);
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
        return call("exec", () -> get(id).exec(exec, config, stdin));
    }

    @Override
    public ProcessStream openSession(ContainerId id, ExecId exec, ContainerConfig.ProcessConfig config) {
        return call("openSession", () -> get(id).openSession(exec, config));
    }

    @Override
    public ProcessStream attachSession(ContainerId id, ExecId exec) {
        return call("attachSession", () -> get(id).sessions.get(exec).connect());
    }

    @Override
    public List<SessionStatus> sessions(ContainerId id) {
        return call("sessions", () -> get(id).sessions.list());
    }

    @Override
    public void resizeSession(ContainerId id, ExecId exec, TerminalSize size) {
        run("resizeSession", () -> get(id).sessions.get(exec).resize(size));
    }

    @Override
    public void signalSession(ContainerId id, ExecId exec, int signal) {
        run("signalSession", () -> get(id).sessions.get(exec).signal(signal));
    }

    @Override
    public void removeSession(ContainerId id, ExecId exec) {
        run("removeSession", () -> get(id).sessions.remove(exec));
    }

    @Override
    public LogReader logs(ContainerId id, LogReader.Start start) {
        return call("logs", () -> get(id).log.read(start));
    }

    @Override
    public ContainerStats stats(ContainerId id) {
        return call("stats", () -> {
            FakeContainer container = get(id);
            container.requireAlive();
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
        return call("processes", () -> get(id).processes());
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
        run("onExit", () -> exits.listen(newListener));
    }

    @Override
    public void close() {
        loop.run(() -> containers.values().forEach(c -> c.files.remove()));
        loop.close();
    }
}
