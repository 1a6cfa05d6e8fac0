package io.berth.engine.local;

import io.berth.common.Ids;
import io.berth.common.Rollback;
import io.berth.engine.ContainerConfig;
import io.berth.engine.ContainerId;
import io.berth.engine.EngineException;
import io.berth.engine.EngineException.Reason;
import io.berth.engine.bundle.AppArmor;
import io.berth.engine.bundle.BundleSpec;
import io.berth.engine.bundle.OciConfig;
import io.berth.engine.bundle.SeccompFilter;
import io.berth.engine.bundle.User;
import io.berth.engine.cgroup.Cgroups;
import io.berth.engine.local.Groups.Group;
import io.berth.engine.netns.Networks;
import io.berth.engine.netns.Networks.Sandbox;
import io.berth.engine.runtime.Conmon;
import io.berth.engine.runtime.ExecFifo;
import io.berth.engine.runtime.MonitorSpec;
import io.berth.engine.runtime.OciRuntime;
import io.berth.engine.runtime.RuntimeCommand;
import io.berth.engine.snapshot.Snapshotter;
import io.berth.engine.stdio.ContainerLog;
import io.berth.engine.syscall.ErrnoException;
import io.berth.engine.syscall.Syscalls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Sets a container up for a run and takes the run down again: root file system, network, cgroup, bundle, monitor. Each
 * step has its undo; what fails half-way leaves nothing.
 */
final class Launcher {

    private static final Logger LOG = Logger.getLogger(Launcher.class);

    private final Syscalls syscalls;
    private final ContainerFiles files;
    private final Snapshotter snapshotter;
    private final Staging staging;
    private final Networks networks;
    private final Cgroups cgroups;
    private final OciConfig ociConfig;
    private final SeccompFilter seccomp;
    private final Optional<AppArmor> appArmor;
    private final OciRuntime runtime;
    private final Conmon conmon;
    private final EtcFiles etc;
    private final Streams streams;
    private final Meters meters;
    private final LocalEngineOptions options;

    Launcher(
            Syscalls syscalls,
            ContainerFiles files,
            Snapshotter snapshotter,
            Staging staging,
            Networks networks,
            Cgroups cgroups,
            OciConfig ociConfig,
            SeccompFilter seccomp,
            Optional<AppArmor> appArmor,
            OciRuntime runtime,
            Conmon conmon,
            EtcFiles etc,
            Streams streams,
            Meters meters,
            LocalEngineOptions options) {
        this.syscalls = syscalls;
        this.files = files;
        this.snapshotter = snapshotter;
        this.staging = staging;
        this.networks = networks;
        this.cgroups = cgroups;
        this.ociConfig = ociConfig;
        this.seccomp = seccomp;
        this.appArmor = appArmor;
        this.runtime = runtime;
        this.conmon = conmon;
        this.etc = etc;
        this.streams = streams;
        this.meters = meters;
        this.options = options;
    }

    /** Path of a container's cgroup below this instance's root. */
    static String cgroup(ContainerConfig config) {
        return config.group() + "/" + config.id();
    }

    Monitor monitor(ContainerId id) {
        Path bundle = files.bundle(id);
        return new Monitor(bundle.resolve("conmon.pid"), bundle.resolve("exit").resolve(id.value()));
    }

    /** At a start: removes what a crash left of a container's making. */
    void clear() throws IOException {
        staging.clear();
    }

    /** Sets everything up but does not start the main process. */
    Run launch(ContainerConfig config, Group group, Phases phases) throws IOException {
        ContainerId id = config.id();
        Path initProgram = config.init() ? Programs.require(options.init()) : null;
        try (Rollback rollback = new Rollback()) {
            rollback.push("root file system of " + id, () -> snapshotter.unmount(id));
            Path rootfs = snapshotter.prepare(id, group.id(), config.layers(), group.userNamespace(), group.firstId());
            phases.end("snapshot");

            rollback.push("network of " + id, () -> networks.release(group.id(), id.value()));
            Sandbox sandbox = networks.acquire(group.id(), id.value());
            phases.end("network");

            rollback.push("cgroup of " + id, () -> cgroups.remove(cgroup(config)));
            cgroups.ensure(cgroup(config), config.limits());
            phases.end("cgroup");

            rollback.push("bundle of " + id, () -> removeBundle(id));
            rollback.push("runtime state of " + id, () -> deleteFromRuntime(config));
            rollback.push("stage of " + id, () -> staging.remove(id));
            String profile = appArmorProfile();
            int pid;
            try (Staging.Stage stage = staging.show(id, rootfs, sandbox.namespace())) {
                writeBundle(config, group, rootfs, sandbox, stage, profile, initProgram);
                phases.end("bundle");
                ContainerLog log = streams.prepareLog(files.log(id), config.logSizeBytes());
                pid = createOnHost(config, rootfs, log);
            }
            Run run = new Run(Ids.next("run"), pid, sandbox, profile);
            checkSeccomp(id);
            monitor(id).chargeTo(config.group(), cgroups);
            JsonFiles.write(files.bundle(id).resolve("run.json"), Run.Stored.of(run));
            phases.end("runtime");
            rollback.disarm();
            return run;
        }
    }

    /** The AppArmor profile that a run beginning now gets, loaded. */
    private @Nullable String appArmorProfile() throws IOException {
        if (appArmor.isEmpty()) {
            return null;
        }
        appArmor.get().ensureLoaded(); // who sets up the host's profiles anew may have removed it
        return AppArmor.PROFILE;
    }

    /** The AppArmor profile that a run has, loaded if it is this server's. */
    @Nullable
    String appArmorProfile(Run run) throws IOException {
        if (appArmor.isPresent() && AppArmor.PROFILE.equals(run.appArmorProfile)) {
            appArmor.get().ensureLoaded();
        }
        return run.appArmorProfile;
    }

    private int createOnHost(ContainerConfig config, Path rootfs, ContainerLog log) {
        try {
            return conmon.create(monitorSpec(config, log));
        } catch (EngineException e) {
            throw new RootfsCheck(syscalls).explain(rootfs, config.process().workingDir(), e);
        }
    }

    private void checkSeccomp(ContainerId id) throws IOException {
        if (!seccomp.reuses()) {
            return;
        }
        Path program = files.runtimeState().resolve(id.value()).resolve("seccomp.bpf");
        if (!Files.exists(program) || !seccomp.accept(Files.readAllBytes(program))) {
            throw new EngineException(
                    Reason.INTERNAL, "the runtime would have run container " + id + " under another seccomp filter");
        }
    }

    /** Lets the main process go. */
    void start(ContainerId id, Run run) throws IOException {
        Instant now = Instant.now();
        JsonFiles.write(files.startedMark(id), now);
        if (runtime.isCrun()) {
            new ExecFifo(syscalls).open(files.runtimeState().resolve(id.value()));
        } else {
            new RuntimeCommand(syscalls).run(runtime.start(id.value()));
        }
        run.startedAt = now;
    }

    /**
     * Removes what a run needed. The writable layer and the log stay. Repeatable.
     *
     * @return whether nothing is left
     */
    boolean takeDown(ContainerConfig config) {
        ContainerId id = config.id();
        boolean down = attempt("runtime state", id, () -> deleteFromRuntime(config));
        down &= attempt("last reading", id, () -> meters.readLast(config));
        down &= attempt("stage", id, () -> staging.remove(id));
        down &= attempt("root file system", id, () -> snapshotter.unmount(id));
        down &= attempt("network", id, () -> networks.release(config.group(), id.value()));
        down &= attempt("cgroup", id, () -> cgroups.remove(cgroup(config)));
        down &= attempt("bundle", id, () -> removeBundle(id));
        return down;
    }

    private void writeBundle(
            ContainerConfig config,
            Group group,
            Path rootfs,
            Sandbox sandbox,
            Staging.Stage stage,
            @Nullable String appArmorProfile,
            @Nullable Path initProgram)
            throws IOException {
        ContainerId id = config.id();
        Path bundle = files.bundle(id);
        Files.createDirectories(bundle);
        Files.createDirectory(bundle.resolve("exit"));
        Files.createDirectory(files.execs(id));
        new RootfsCheck(syscalls).require(rootfs, config.tmpfs().keySet());
        User user =
                new RootfsReader(syscalls).users(rootfs).find(config.process().user());
        etc.write(files.etc(id), config.hostname(), sandbox, group.firstId());
        BundleSpec spec = new BundleSpec(
                config,
                user,
                stage.rootfs(),
                cgroups.ociPath(cgroup(config)),
                group.userNamespace(),
                group.firstId(),
                stage.network(),
                files.etc(id),
                appArmorProfile,
                initProgram);
        Files.writeString(bundle.resolve("config.json"), ociConfig.render(spec));
    }

    private MonitorSpec monitorSpec(ContainerConfig config, ContainerLog log) {
        ContainerId id = config.id();
        Path bundle = files.bundle(id);
        Monitor monitor = monitor(id);
        boolean terminal = config.process().terminal();
        return new MonitorSpec(
                id.value(),
                id.value(),
                bundle,
                files.pidFile(id),
                monitor.pidFile(),
                bundle.resolve("exit"),
                log.driverArgument(),
                config.logSizeBytes(),
                terminal,
                config.stdin() || terminal,
                terminal || !config.stdinOnce());
    }

    /**
     * What {@code delete --force} does, without starting the runtime for it: ends what is left in the cgroup and removes
     * the runtime's directory. There are no hooks to run, and the cgroup is Berth's to remove.
     */
    private void deleteFromRuntime(ContainerConfig config) throws IOException {
        Path state = files.runtimeState().resolve(config.id().value());
        if (Files.exists(state)) {
            cgroups.kill(cgroup(config));
            Trees.remove(state);
        }
    }

    private void removeBundle(ContainerId id) throws IOException {
        Trees.remove(files.bundle(id));
    }

    private interface Step {
        void run() throws IOException;
    }

    private static boolean attempt(String what, ContainerId id, Step step) {
        try {
            step.run();
            return true;
        } catch (IOException | EngineException e) {
            LOG.warnf(e, "could not deal with the %s of %s; it is tried again at the next start", what, id);
            return false;
        }
    }

    static EngineException translate(String what, IOException cause) {
        Reason reason = isFull(cause) ? Reason.NO_SPACE : Reason.INTERNAL;
        return new EngineException(reason, what + ": " + cause.getMessage(), cause);
    }

    /** Who says what failed may have said it of another's failure. */
    private static boolean isFull(@Nullable Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof ErrnoException errno && (errno.is("ENOSPC") || errno.is("EDQUOT"))
                    || String.valueOf(cause.getMessage()).contains("No space left")) {
                return true;
            }
        }
        return false;
    }
}
