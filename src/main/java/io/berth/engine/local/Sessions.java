package io.berth.engine.local;

import io.berth.common.Rollback;
import io.berth.common.Texts;
import io.berth.engine.ContainerConfig.ProcessConfig;
import io.berth.engine.ContainerId;
import io.berth.engine.EngineException;
import io.berth.engine.EngineException.Reason;
import io.berth.engine.ExecId;
import io.berth.engine.Exit;
import io.berth.engine.ProcessStream;
import io.berth.engine.SessionStatus;
import io.berth.engine.TerminalSize;
import io.berth.engine.runtime.MonitorSpec;
import io.berth.engine.stdio.Connections;
import io.berth.engine.stdio.ContainerLog;
import io.berth.engine.stdio.TerminalControl;
import io.berth.engine.syscall.Fd;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Terminal sessions: processes under a conmon of their own, in containers. What lasts of a session is a directory in
 * its container's; {@link #adopt} finds the sessions again.
 */
final class Sessions {

    private static final Logger LOG = Logger.getLogger(Sessions.class);
    private static final long LOG_SIZE_BYTES = 8L << 20;
    private static final int KEPT_ENDED = 50;
    /** Of each one's arguments: they are only to be shown. */
    private static final int KEPT_CHARACTERS = 2048;

    private static final int SIGKILL = 9;

    private final LocalParts parts;
    private final ContainerFiles files;
    private final Containers containers;
    private final Execs execs;
    private final Map<ContainerId, Map<ExecId, Session>> sessions = new ConcurrentHashMap<>();

    /** What is kept of a session. */
    record Stored(
            List<String> args, Instant startedAt, @Nullable Exit exit) {}

    private static final class Session {
        final ExecId id;
        final Stored stored;
        final TerminalControl terminal;
        final CompletableFuture<Exit> exit = new CompletableFuture<>();
        final Connections connections = new Connections(exit);
        volatile int pid;

        Session(ExecId id, Stored stored, TerminalControl terminal) {
            this.id = id;
            this.stored = stored;
            this.terminal = terminal;
        }

        SessionStatus status() {
            return new SessionStatus(id, stored.args(), stored.startedAt(), exit.getNow(stored.exit()));
        }
    }

    Sessions(LocalParts parts, Containers containers, Execs execs) {
        this.parts = parts;
        this.files = parts.files();
        this.containers = containers;
        this.execs = execs;
    }

    ProcessStream open(LocalContainer container, ExecId id, ProcessConfig process) throws IOException {
        ContainerId containerId = container.id();
        Session session = session(
                containerId, id, new Stored(Texts.shorten(process.args(), KEPT_CHARACTERS), Instant.now(), null));
        if (add(containerId, session) != null) {
            throw new EngineException(Reason.WRONG_STATE, "session " + id + " exists already");
        }
        Path home = files.session(containerId, id);
        Path bundle = files.sessionBundle(containerId, id);
        AtomicReference<ProcessStream> stream = new AtomicReference<>();
        try (Rollback rollback = new Rollback()) {
            rollback.push("session " + id, () -> remove(containerId, id));
            Files.createDirectories(home);
            Files.createDirectories(bundle.resolve("exit"));
            JsonFiles.write(home.resolve("session.json"), session.stored);
            Path spec = bundle.resolve("process.json");
            Files.writeString(spec, execs.processSpec(container, Execs.marked(process, id)));
            ContainerLog log = parts.streams().prepareLog(home.resolve("log"), LOG_SIZE_BYTES);
            Monitor monitor = monitor(containerId, id);
            MonitorSpec monitorSpec = new MonitorSpec(
                    containerId.value(),
                    id.value(),
                    bundle,
                    bundle.resolve("pid"),
                    monitor.pidFile(),
                    bundle.resolve("exit"),
                    log.driverArgument(),
                    LOG_SIZE_BYTES,
                    true,
                    true,
                    true);
            rollback.push("stream of " + id, () -> close(stream.get()));
            session.pid = begin(container, process, monitorSpec, spec, () -> connect(stream, bundle, home, session));
            monitor.chargeTo(container.config.group(), parts.cgroups());
            watch(container, session);
            rollback.disarm();
        }
        ProcessStream connected = stream.get();
        if (connected == null) {
            throw new EngineException(Reason.INTERNAL, "session " + id + " was started without its stream");
        }
        return connected;
    }

    private Session session(ContainerId container, ExecId id, Stored stored) {
        return new Session(id, stored, parts.streams().terminal(files.sessionBundle(container, id)));
    }

    private int begin(
            LocalContainer container, ProcessConfig process, MonitorSpec monitor, Path spec, Runnable attach) {
        Run run = container.requireStarted();
        try {
            return parts.conmon().exec(monitor, spec, attach);
        } catch (EngineException e) {
            if (e.reason() == Reason.INTERNAL && execs.isEnding(run)) {
                throw new EngineException(
                        Reason.WRONG_STATE,
                        "container " + container.id() + " ended while a session was opened in it",
                        e);
            }
            throw execs.explain(container, process, e);
        }
    }

    private void connect(AtomicReference<ProcessStream> stream, Path bundle, Path home, Session session) {
        try {
            stream.set(parts.streams().attach(bundle, home.resolve("log"), session.connections, true));
        } catch (IOException e) {
            throw Launcher.translate("could not connect to session " + session.id, e);
        }
    }

    private static void close(@Nullable ProcessStream stream) {
        if (stream != null) {
            stream.close();
        }
    }

    private void watch(LocalContainer container, Session session) throws IOException {
        ContainerId id = container.id();
        Optional<Fd> monitor = monitor(id, session.id).watch(parts.syscalls(), parts.procRoot());
        if (monitor.isPresent()) {
            String cgroup = Launcher.cgroup(container.config);
            session.connections.begin(ended -> parts.pidfds().whenEnded(cgroup, session.pid, ended));
            parts.watch().whenEnded(monitor.get(), () -> ended(id, session));
        } else {
            parts.watch().execute(() -> ended(id, session));
        }
    }

    private void ended(ContainerId container, Session session) {
        Exit exit = LocalContainer.unknownExit();
        try {
            exit = exitOf(container, session);
            recordExit(container, session, exit);
            Trees.remove(files.sessionBundle(container, session.id));
        } catch (IOException e) {
            LOG.warnf(e, "could not record the end of session %s", session.id);
        }
        session.exit.complete(exit);
        LOG.debugf("session %s of %s exited with %d", session.id, container, exit.code());
        prune(container);
    }

    /** Nothing is written for one that was removed, or whose container is being removed. */
    private void recordExit(ContainerId container, Session session, Exit exit) throws IOException {
        if (of(container).get(session.id) != session) {
            return;
        }
        try {
            JsonFiles.write(
                    files.session(container, session.id).resolve("session.json"),
                    new Stored(session.stored.args(), session.stored.startedAt(), exit));
        } catch (NoSuchFileException removedMeanwhile) {
            // nobody will ask for it
        }
    }

    /** A session whose monitor was killed has lost its terminal, and whatever ignores that is killed. */
    private Exit exitOf(ContainerId container, Session session) throws IOException {
        Optional<Exit> recorded = monitor(container, session.id).exit(false);
        if (recorded.isEmpty()) {
            Optional<LocalContainer> home = containers.find(container).filter(known -> known.run != null);
            if (home.isPresent()) {
                LOG.warnf("the monitor of session %s ended and left no exit code: it is killed", session.id);
                execs.killTree(home.get(), session.id, session.pid);
            }
        }
        return recorded.orElseGet(LocalContainer::unknownExit);
    }

    private void prune(ContainerId container) {
        List<Session> ended = of(container).values().stream()
                .filter(session -> session.exit.isDone())
                .sorted(Comparator.comparing(session -> session.stored.startedAt()))
                .toList();
        for (Session session : ended.subList(0, Math.max(0, ended.size() - KEPT_ENDED))) {
            try {
                remove(container, session.id);
            } catch (IOException e) {
                LOG.warnf(e, "could not remove the ended session %s", session.id);
            }
        }
    }

    ProcessStream attach(LocalContainer container, ExecId id) throws IOException {
        Session session = get(container.id(), id);
        Path home = files.session(container.id(), id);
        return parts.streams()
                .attach(files.sessionBundle(container.id(), id), home.resolve("log"), session.connections, false);
    }

    List<SessionStatus> list(ContainerId container) {
        return of(container).values().stream()
                .map(Session::status)
                .sorted(Comparator.comparing(SessionStatus::startedAt))
                .toList();
    }

    void resize(ContainerId container, ExecId id, TerminalSize size) {
        get(container, id).terminal.resize(size);
    }

    void signal(LocalContainer container, ExecId id, int signal) throws IOException {
        Session session = get(container.id(), id);
        if (session.exit.isDone()) {
            return;
        }
        if (signal == SIGKILL) {
            execs.killTree(container, id, session.pid);
            return;
        }
        if (session.pid == 0) {
            throw new EngineException(Reason.WRONG_STATE, "session " + id + " has not begun yet");
        }
        parts.pidfds().signalIn(Launcher.cgroup(container.config), session.pid, signal);
    }

    void remove(ContainerId container, ExecId id) throws IOException {
        sessions.computeIfPresent(container, (key, all) -> {
            all.remove(id);
            return all.isEmpty() ? null : all;
        });
        parts.streams().forgetLog(files.session(container, id).resolve("log"));
        Trees.remove(files.session(container, id));
        Trees.remove(files.sessionBundle(container, id));
    }

    /** All sessions of a container that is about to be removed; their processes have ended with it. */
    void forget(ContainerId container) {
        Map<ExecId, Session> known = sessions.remove(container);
        if (known != null) {
            known.keySet()
                    .forEach(id -> parts.streams()
                            .forgetLog(files.session(container, id).resolve("log")));
        }
    }

    void adopt() throws IOException {
        for (LocalContainer container : containers.all()) {
            Path directory = files.sessions(container.id());
            if (Files.isDirectory(directory)) {
                try (Stream<Path> homes = Files.list(directory)) {
                    for (Path home : homes.toList()) {
                        adopt(container, new ExecId(home.getFileName().toString()), home);
                    }
                }
            }
        }
    }

    private void adopt(LocalContainer container, ExecId id, Path home) throws IOException {
        Optional<Stored> stored = JsonFiles.read(home.resolve("session.json"), Stored.class);
        if (stored.isEmpty()) {
            remove(container.id(), id);
            return;
        }
        Session session = session(container.id(), id, stored.get());
        add(container.id(), session);
        if (stored.get().exit() != null) {
            session.exit.complete(stored.get().exit());
            return;
        }
        Path pidFile = files.sessionBundle(container.id(), id).resolve("pid");
        if (Files.exists(pidFile)) {
            session.pid = Integer.parseInt(Files.readString(pidFile).strip());
        }
        watch(container, session);
    }

    private Session get(ContainerId container, ExecId id) {
        Session session = of(container).get(id);
        if (session == null) {
            throw new EngineException(Reason.NOT_FOUND, "no such session in container " + container + ": " + id);
        }
        return session;
    }

    /** Returns the one there is by that name, which stays. */
    private @Nullable Session add(ContainerId container, Session session) {
        AtomicReference<Session> other = new AtomicReference<>();
        sessions.compute(container, (key, all) -> {
            Map<ExecId, Session> some = all == null ? new ConcurrentHashMap<>() : all;
            other.set(some.putIfAbsent(session.id, session));
            return some;
        });
        return other.get();
    }

    private Map<ExecId, Session> of(ContainerId container) {
        return sessions.getOrDefault(container, Map.of());
    }

    private Monitor monitor(ContainerId container, ExecId id) {
        Path bundle = files.sessionBundle(container, id);
        return new Monitor(bundle.resolve("conmon.pid"), bundle.resolve("exit").resolve(container.value()));
    }
}
