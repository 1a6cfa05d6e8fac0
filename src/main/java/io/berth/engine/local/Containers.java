package io.berth.engine.local;

import io.berth.engine.ContainerConfig;
import io.berth.engine.ContainerId;
import io.berth.engine.EngineException;
import io.berth.engine.EngineException.Reason;
import io.berth.engine.Exit;
import io.berth.engine.ExitListener;
import io.berth.engine.runtime.ExecFifo;
import io.berth.engine.syscall.ErrnoException;
import io.berth.engine.syscall.Fd;
import io.berth.engine.syscall.Flags;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The containers of this data directory, what is recorded of them, and the watch over their monitors. The directory and
 * the host are the truth: {@link #adopt} rebuilds everything from them.
 */
final class Containers {

    private static final Logger LOG = Logger.getLogger(Containers.class);

    private static final int SIGKILL = 9;
    private static final int KILLED = 128 + SIGKILL;
    private static final long EXT4_SUPER_MAGIC = 0xEF53; // of linux/magic.h

    private final LocalParts parts;
    private final ContainerFiles files;
    private final Launcher launcher;
    private final Map<ContainerId, LocalContainer> containers = new ConcurrentHashMap<>();
    /** Those whose record is there and cannot be read: left alone until they are deleted or set up again. */
    private final Set<ContainerId> unreadable = ConcurrentHashMap.newKeySet();

    private final List<Map.Entry<ContainerId, Exit>> unreported = new ArrayList<>();
    private @Nullable ExitListener listener;

    Containers(LocalParts parts, Launcher launcher) {
        this.parts = parts;
        this.files = parts.files();
        this.launcher = launcher;
    }

    Optional<LocalContainer> find(ContainerId id) {
        return Optional.ofNullable(containers.get(id));
    }

    /** @throws EngineException {@code NOT_FOUND}, or {@code WRONG_STATE} if its record cannot be read */
    LocalContainer get(ContainerId id) {
        if (unreadable.contains(id)) {
            throw new EngineException(
                    Reason.WRONG_STATE,
                    "the record of container " + id
                            + " cannot be read: start it to have it written again, or delete it");
        }
        return find(id).orElseThrow(
                        () -> new EngineException(Reason.NOT_FOUND, "no such container on this host: " + id));
    }

    Collection<LocalContainer> all() {
        return containers.values();
    }

    void add(LocalContainer container) {
        if (containers.putIfAbsent(container.id(), container) != null) {
            throw new EngineException(Reason.WRONG_STATE, "container " + container.id() + " exists already");
        }
    }

    Set<ContainerId> unreadable() {
        return Set.copyOf(unreadable);
    }

    /** The container that is to be set up again by this; one whose record cannot be read is known again by it. */
    LocalContainer restore(ContainerConfig config) throws IOException {
        ContainerId id = config.id();
        if (unreadable.contains(id)) {
            rewriteRecord(config);
            containers.putIfAbsent(id, new LocalContainer(config));
            unreadable.remove(id);
            LOG.infof("the record of %s is written again", id);
        }
        return get(id);
    }

    /** The first one. It need not be on the disk: after a power failure there is none, or one that is left alone. */
    void writeRecord(ContainerConfig config) throws IOException {
        Files.createDirectories(files.home(config.id()));
        JsonFiles.write(files.record(config.id()), config);
    }

    /** One that replaces another, which was good. */
    void rewriteRecord(ContainerConfig config) throws IOException {
        JsonFiles.writeDurably(files.record(config.id()), config);
    }

    /** Removes all that is kept of a container which does not run. Its record goes last, so that a crash is repaired. */
    void forget(ContainerId id) throws IOException {
        parts.streams().forgetLog(files.log(id));
        parts.snapshotter().remove(id);
        Path home = files.home(id);
        if (Files.isDirectory(home)) {
            try (Stream<Path> entries = Files.list(home)) {
                for (Path entry : entries.toList()) {
                    if (!entry.equals(files.record(id))) {
                        Trees.remove(entry);
                    }
                }
            }
            Trees.remove(home);
        }
        containers.remove(id);
        unreadable.remove(id);
    }

    /** A run begins: from now on the end of its monitor is its end. */
    void begin(LocalContainer container, Run run) throws IOException {
        Files.deleteIfExists(files.exitRecord(container.id()));
        Optional<Fd> monitor = launcher.monitor(container.id()).watch(parts.syscalls(), parts.procRoot());
        container.lastExit = null;
        container.run = run;
        if (monitor.isPresent()) {
            watch(container, run, monitor.get());
        } else {
            parts.watch().execute(() -> ended(container, run));
        }
    }

    private void watch(LocalContainer container, Run run, Fd monitor) {
        String cgroup = Launcher.cgroup(container.config);
        run.connections.begin(ended -> parts.pidfds().whenEnded(cgroup, run.pid, ended));
        parts.watch().whenEnded(monitor, () -> ended(container, run));
    }

    private void ended(LocalContainer container, Run run) {
        Exit exit = exitOf(container, run.killed ? KILLED : Exit.UNKNOWN_CODE);
        recordExit(container.id(), exit);
        container.lock.lock();
        try {
            if (container.run != run) {
                return;
            }
            container.lastExit = exit;
            container.run = null;
            run.exit.complete(exit);
            // before anybody else gets the lock: who unpacks an archive keeps it for minutes, and this thread with it
            if (containers.get(container.id()) == container) {
                container.down = launcher.takeDown(container.config);
            }
        } finally {
            run.exit.complete(exit);
            container.lock.unlock();
        }
        LOG.infof(
                "container %s exited with %d%s",
                container.id(), exit.code(), exit.oomKilled() ? " (out of memory)" : "");
        report(container.id(), exit);
    }

    /** For a monitor that does not tell of an end: its own end is one, too. */
    void killMonitor(ContainerId id) throws IOException {
        Optional<Fd> monitor = launcher.monitor(id).watch(parts.syscalls(), parts.procRoot());
        if (monitor.isPresent()) {
            try (Fd process = monitor.get()) {
                parts.pidfds().signal(process, SIGKILL);
            }
        }
    }

    /** Without it, the next start of the server will say that the exit is unknown. */
    private void recordExit(ContainerId id, Exit exit) {
        try {
            JsonFiles.write(files.exitRecord(id), exit);
        } catch (IOException e) {
            LOG.warnf(e, "could not record the exit of %s", id);
        }
    }

    /** @param otherwise the code if the monitor left none */
    private Exit exitOf(LocalContainer container, int otherwise) {
        ContainerId id = container.id();
        String cgroup = Launcher.cgroup(container.config);
        boolean oomKilled = false;
        try {
            oomKilled = parts.cgroups().oomKills(cgroup) > 0;
            Optional<Exit> recorded = launcher.monitor(id).exit(oomKilled);
            if (recorded.isPresent()) {
                return recorded.get();
            }
            LOG.warnf("the monitor of %s ended and left no exit code: its processes are killed", id);
            parts.cgroups().kill(cgroup);
        } catch (IOException e) {
            LOG.warnf(e, "could not find out how %s ended", id);
        }
        return new Exit(otherwise, oomKilled, Instant.now());
    }

    private void report(ContainerId id, Exit exit) {
        ExitListener receiver;
        synchronized (unreported) {
            receiver = listener;
            if (receiver == null) {
                unreported.add(Map.entry(id, exit));
                return;
            }
        }
        receiver.exited(id, exit);
    }

    void onExit(ExitListener receiver) {
        List<Map.Entry<ContainerId, Exit>> earlier;
        synchronized (unreported) {
            listener = receiver;
            earlier = List.copyOf(unreported);
            unreported.clear();
        }
        earlier.forEach(entry -> receiver.exited(entry.getKey(), entry.getValue()));
    }

    /** Finds again what an earlier run of the server left, and removes what belongs to no container. */
    void adopt() throws IOException {
        Files.createDirectories(files.layout().containers());
        spread(files.layout().containers());
        parts.groups().adoptAll();
        launcher.clear();
        Map<ContainerId, ContainerConfig> configs = readRecords();
        Set<ContainerId> known = new HashSet<>(configs.keySet());
        known.addAll(unreadable);
        new Orphans(parts).removeAllBut(known);
        Map<io.berth.engine.GroupId, Set<String>> owners = new HashMap<>();
        Set<String> unknownGroup = unreadable.stream().map(ContainerId::value).collect(Collectors.toSet());
        parts.groups().known().forEach(group -> owners.put(group, new HashSet<>(unknownGroup)));
        Set<ContainerId> mounted = new HashSet<>(unreadable);
        for (ContainerConfig config : configs.values()) {
            LocalContainer container = new LocalContainer(config);
            containers.put(config.id(), container);
            if (runs(config.id())) {
                mounted.add(config.id());
                owners.computeIfAbsent(config.group(), group -> new HashSet<>())
                        .add(config.id().value());
            }
        }
        for (Map.Entry<io.berth.engine.GroupId, Set<String>> group : owners.entrySet()) {
            parts.networks().adopt(group.getKey(), group.getValue());
        }
        parts.snapshotter().adopt(mounted);
        for (LocalContainer container : containers.values()) {
            try {
                parts.groups().adopt(container.config.group());
                adopt(container);
            } catch (IOException | RuntimeException e) { // it counts as ended, and the others are there
                LOG.errorf(e, "could not take over container %s; its next start sets it up anew", container.id());
            }
        }
    }

    /**
     * ext4 does not give away the inode of a file that was deleted within the last minutes, and looks at each of those before it
     * finds another: where containers come and go, that takes longer than all else about their files. So each gets its own part
     * of the disk, as a home directory would.
     */
    private void spread(Path directory) {
        try {
            if (parts.syscalls().filesystemType(directory) == EXT4_SUPER_MAGIC) {
                parts.syscalls().addInodeFlags(directory, Flags.FS_TOPDIR_FL);
            }
        } catch (ErrnoException e) {
            LOG.debugf(e, "the containers of %s lie next to one another", directory);
        }
    }

    private Map<ContainerId, ContainerConfig> readRecords() throws IOException {
        Map<ContainerId, ContainerConfig> configs = new HashMap<>();
        try (Stream<Path> homes = Files.list(files.layout().containers())) {
            for (Path home : homes.toList()) {
                if (!ContainerId.isValid(home.getFileName().toString())) {
                    LOG.warnf("%s is not a container's and is left alone", home);
                    continue;
                }
                ContainerId id = new ContainerId(home.getFileName().toString());
                Optional<ContainerConfig> config;
                try {
                    config = JsonFiles.readWhole(files.record(id), ContainerConfig.class);
                } catch (IOException e) {
                    LOG.errorf(e, "container %s is left alone until it is started or deleted", id);
                    unreadable.add(id);
                    continue;
                }
                if (config.isPresent()) {
                    configs.put(id, config.get());
                } else {
                    LOG.infof("removing what is left of %s, which was never whole", id);
                    forget(id);
                }
            }
        }
        return configs;
    }

    private boolean runs(ContainerId id) throws IOException {
        return Files.exists(files.bundle(id).resolve("run.json"));
    }

    private void adopt(LocalContainer container) throws IOException {
        ContainerId id = container.id();
        Optional<Run.Stored> stored = JsonFiles.read(files.bundle(id).resolve("run.json"), Run.Stored.class);
        Optional<Exit> recorded = JsonFiles.read(files.exitRecord(id), Exit.class);
        Optional<Fd> monitor = launcher.monitor(id).watch(parts.syscalls(), parts.procRoot());
        if (stored.isPresent() && monitor.isPresent()) {
            Run run = new Run(
                    stored.get().name(),
                    stored.get().pid(),
                    stored.get().sandbox(),
                    stored.get().appArmorProfile());
            run.startedAt = startedAt(id);
            run.paused = run.startedAt != null && parts.cgroups().isFrozen(Launcher.cgroup(container.config));
            container.run = run;
            limitAgain(container);
            watch(container, run, monitor.get());
            return;
        }
        if (monitor.isPresent()) { // it was being made: the monitor takes the runtime with it
            parts.pidfds().signal(monitor.get(), SIGKILL);
            monitor.get().close();
        }
        if (Files.exists(files.bundle(id)) || recorded.isEmpty()) {
            // It ended, or was being made, while no server ran.
            Exit exit = recorded.orElseGet(() -> exitOf(container, Exit.UNKNOWN_CODE));
            recordExit(id, exit);
            container.lastExit = exit;
            launcher.takeDown(container.config);
            report(id, exit);
        } else {
            container.lastExit = recorded.get();
        }
    }

    /** A limit that only its group's held till now is known to nobody any more: cgroup v1 wants it told again. */
    private void limitAgain(LocalContainer container) {
        try {
            parts.cgroups().limit(Launcher.cgroup(container.config), container.config.limits());
        } catch (IOException | EngineException e) { // it uses more than that by now
            LOG.warnf(e, "container %s runs with the limits it had", container.id());
        }
    }

    /** The time of the start, unless the runtime still waits for it. */
    private @Nullable Instant startedAt(ContainerId id) throws IOException {
        if (ExecFifo.isClosed(files.runtimeState().resolve(id.value()))) {
            return null;
        }
        return JsonFiles.read(files.startedMark(id), Instant.class).orElse(null);
    }
}
