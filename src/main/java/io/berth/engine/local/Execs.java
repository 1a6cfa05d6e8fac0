package io.berth.engine.local;

import io.berth.engine.ContainerConfig;
import io.berth.engine.ContainerConfig.ProcessConfig;
import io.berth.engine.EngineException;
import io.berth.engine.ExecId;
import io.berth.engine.ExecProcess;
import io.berth.engine.Exit;
import io.berth.engine.bundle.User;
import io.berth.engine.runtime.OciRuntime;
import io.berth.engine.runtime.RuntimeErrors;
import io.berth.engine.runtime.RuntimeLog;
import io.berth.engine.stdio.PipeProcess;
import io.berth.engine.syscall.Fd;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;
import org.jboss.logging.Logger;

/** Runs further processes in containers with plain pipes, and ends the trees of processes that they began. */
final class Execs {

    /** In the environment of every exec, so that its descendants can be told from others' whatever they do. */
    private static final String MARK = "BERTH_EXEC_ID";

    private static final String SPEC = ".json";
    private static final Logger LOG = Logger.getLogger(Execs.class);
    private static final int SIGKILL = 9;
    private static final int KILLED = 128 + SIGKILL;
    private static final long START_NANOS = TimeUnit.MILLISECONDS.toNanos(5_000);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(5);
    private static final int KILL_ROUNDS = 20;
    private static final long FIRST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long LONGEST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(64);
    private static final int NO_PID = -1;

    private final LocalParts parts;
    private final ExecCharges charges;
    private final SignalThreads signals = new SignalThreads();

    Execs(LocalParts parts) {
        this.parts = parts;
        this.charges = new ExecCharges(parts.cgroups());
    }

    /** A process object for the runtime, with the user looked up in the container as it is now. */
    String processSpec(LocalContainer container, ProcessConfig process) throws IOException {
        ContainerConfig config = container.config;
        // The image's user is looked up in the root file system as mounted, not through /proc: nothing there is the
        // container's to replace.
        Path rootfs = parts.snapshotter().rootfs(container.id());
        User user = new RootfsReader(parts.syscalls()).users(rootfs).find(process.user());
        return parts.ociConfig()
                .renderProcess(config, process, user, parts.launcher().appArmorProfile(container.requireRun()));
    }

    ExecProcess start(LocalContainer container, ExecId id, ProcessConfig process, boolean stdin) throws IOException {
        Path directory = parts.files().execs(container.id());
        Path spec = directory.resolve(id + SPEC);
        Path pidFile = pidFile(directory, id);
        RuntimeLog log = new RuntimeLog(directory.resolve(id + ".log"));
        Files.writeString(spec, processSpec(container, marked(process, id)));
        List<String> command = parts.runtime().exec(container.id().value(), spec, pidFile, log);
        Run run = container.requireStarted();
        Target target = new Target(container, id, pidFile);
        PipeProcess started = PipeProcess.start(
                parts.loop(),
                parts.syscalls(),
                parts.runtime().spawner(),
                command,
                OciRuntime.ENVIRONMENT,
                stdin,
                () -> Files.exists(pidFile),
                status -> {
                    target.ended = true;
                    return exitOf(status, run, log, spec, pidFile, failure -> explain(container, process, failure));
                },
                signal -> accept(target, signal));
        charges.add(container.config.group(), started, () -> target.ended, () -> Files.exists(pidFile));
        return started;
    }

    /** What it means that the runtime could not start a process. A few system calls. */
    EngineException explain(LocalContainer container, ProcessConfig process, EngineException failure) {
        Path rootfs = parts.snapshotter().rootfs(container.id());
        return new RootfsCheck(parts.syscalls()).explain(rootfs, process.workingDir(), failure);
    }

    void close() {
        charges.close();
        signals.close();
    }

    static ProcessConfig marked(ProcessConfig process, ExecId id) {
        List<String> env = new ArrayList<>(process.env());
        env.add(MARK + "=" + id);
        return new ProcessConfig(
                process.args(), env, process.workingDir(), process.user(), process.terminal(), process.terminalSize());
    }

    /**
     * How an exec ended. The runtime's own status stands for the process's, unless the process never began: then the
     * runtime has written no pid file, and a complaint if it failed by itself. Without one the process was killed while
     * it was being set up, as its container was.
     *
     * @throws EngineException if not the process but the runtime failed
     */
    private Exit exitOf(
            int status, Run run, RuntimeLog log, Path spec, Path pidFile, UnaryOperator<EngineException> explanation) {
        Optional<String> complaint = status == 0 ? Optional.empty() : log.complaint();
        boolean began = status == 0 || Files.exists(pidFile);
        for (Path file : List.of(spec, pidFile, log.file())) {
            try {
                Files.deleteIfExists(file);
            } catch (IOException e) {
                LOG.debugf(e, "could not remove %s; it goes with the container", file);
            }
        }
        if (complaint.isPresent() && !isEnding(run)) {
            throw explanation.apply(RuntimeErrors.translate(complaint.get()));
        }
        return new Exit(complaint.isPresent() || !began ? KILLED : status, false, Instant.now());
    }

    /** Whether a run's processes are being killed, or have been. */
    boolean isEnding(Run run) {
        return run.killed || !parts.processTable().isAlive(run.pid);
    }

    /** What a signal is meant for. */
    private static final class Target {
        final LocalContainer container;
        final ExecId id;
        final Path pidFile;
        volatile boolean ended;
        /** Whether a SIGKILL waits for its number. */
        final AtomicBoolean killing = new AtomicBoolean();

        Target(LocalContainer container, ExecId id, Path pidFile) {
            this.container = container;
            this.id = id;
            this.pidFile = pidFile;
        }
    }

    private void onSignalThread(Target target, Runnable action) {
        signals.execute(target.container.config.group(), action);
    }

    /**
     * Takes effect when the runtime has started the process and told its number, should it still be about to: a SIGKILL
     * however long that takes, another signal within some seconds.
     *
     * @throws EngineException {@code BUSY} if many of the group's wait already; a SIGKILL is never refused
     */
    private void accept(Target target, int signal) {
        if (signal != SIGKILL) {
            signals.accept(target.container.config.group());
            long deadline = System.nanoTime() + START_NANOS;
            onSignalThread(target, () -> signal(target, signal, deadline));
        } else if (target.killing.compareAndSet(false, true)) {
            onSignalThread(target, () -> signal(target, signal, Long.MAX_VALUE));
        }
    }

    private void signal(Target target, int signal, long deadline) {
        boolean again = false;
        try {
            again = !target.ended && !signalIfBegun(target, signal) && !isOver(deadline);
        } catch (IOException e) {
            target.killing.set(false);
            LOG.warnf(e, "could not signal exec %s", target.id);
        } finally {
            if (again) {
                parts.loop().schedule(LOOK_AGAIN, () -> onSignalThread(target, () -> signal(target, signal, deadline)));
            } else if (signal != SIGKILL) {
                signals.done(target.container.config.group());
            }
        }
    }

    private static boolean isOver(long deadline) {
        return deadline != Long.MAX_VALUE && System.nanoTime() - deadline >= 0;
    }

    /** @return false if its number is not known yet */
    private boolean signalIfBegun(Target target, int signal) throws IOException {
        Optional<Integer> pid = pid(target.pidFile);
        if (pid.isEmpty()) {
            return false;
        }
        if (target.ended) {
            return true;
        }
        if (signal == SIGKILL) {
            target.killing.set(false);
            killTree(target.container, target.id, pid.get());
        } else {
            parts.pidfds().signalIn(Launcher.cgroup(target.container.config), pid.get(), signal);
        }
        return true;
    }

    private static Path pidFile(Path directory, ExecId id) {
        return directory.resolve(id + ".pid");
    }

    /**
     * Ends the execs of a container whose server is gone or about to go: nobody holds the other ends of their pipes. An
     * exec runs as long as the runtime waits for it; what one that has ended left behind in the container stays.
     */
    void endAll(LocalContainer container) throws IOException {
        Path directory = parts.files().execs(container.id());
        if (!Files.isDirectory(directory)) {
            return;
        }
        try (DirectoryStream<Path> specs = Files.newDirectoryStream(directory, "*" + SPEC)) {
            for (Path spec : specs) {
                String name = spec.getFileName().toString();
                end(container, new ExecId(name.substring(0, name.length() - SPEC.length())), directory);
            }
        }
    }

    private void end(LocalContainer container, ExecId id, Path directory) throws IOException {
        String spec = directory.resolve(id + SPEC).toString();
        List<Integer> runtimes = parts.processTable().withArgument(spec);
        if (runtimes.isEmpty()) {
            return;
        }
        LOG.debugf("exec %s of %s ends with the server", id, container.id());
        for (int runtime : runtimes) { // one that is still setting the process up would go on
            try (Fd process = parts.pidfds().open(runtime)) {
                if (parts.processTable().hasArgument(runtime, spec)) { // the number may be another's by now
                    parts.pidfds().signal(process, SIGKILL);
                }
            }
        }
        killTree(container, id, pid(pidFile(directory, id)).orElse(NO_PID));
    }

    private static Optional<Integer> pid(Path file) throws IOException {
        try {
            return Optional.of(Integer.parseInt(Files.readString(file).strip()));
        } catch (NoSuchFileException | NumberFormatException notYet) {
            return Optional.empty();
        }
    }

    /**
     * Kills a process and all that it began: by parentage, by session, and by the mark in the environment, so that one
     * that became a daemon is found too. Repeats until none is left, as they may fork meanwhile; about a second at most, for
     * what cannot end.
     */
    void killTree(LocalContainer container, ExecId id, int pid) throws IOException {
        String cgroup = Launcher.cgroup(container.config);
        Set<Integer> known = new HashSet<>();
        Set<Integer> marked = new HashSet<>();
        long pause = FIRST_PAUSE_NANOS;
        for (int round = 0; round < KILL_ROUNDS; round++) {
            Set<Integer> all = Set.copyOf(parts.cgroups().processes(cgroup));
            known.retainAll(all);
            marked.retainAll(all);
            // an environment may be long, and is as it was when the process began
            List<Integer> others = all.stream().filter(known::add).toList();
            marked.addAll(parts.processTable().withEnvironment(MARK + "=" + id, others));
            Set<Integer> tree = new HashSet<>(parts.processTable().treeOf(pid, all));
            tree.addAll(marked);
            if (tree.isEmpty()) {
                return;
            }
            parts.pidfds().signalIn(cgroup, tree, SIGKILL);
            LockSupport.parkNanos(pause);
            pause = Math.min(2 * pause, LONGEST_PAUSE_NANOS);
        }
    }
}
