package io.berth.engine.local;

import io.berth.engine.EngineException;
import io.berth.engine.EngineException.Reason;
import io.berth.engine.HostLayout;
import io.berth.engine.bundle.AppArmor;
import io.berth.engine.bundle.Masks;
import io.berth.engine.bundle.OciConfig;
import io.berth.engine.bundle.SeccompFilter;
import io.berth.engine.cgroup.Cgroups;
import io.berth.engine.cgroup.CgroupsFactory;
import io.berth.engine.cgroup.MigrationPrimer;
import io.berth.engine.mount.SharedMounts;
import io.berth.engine.netns.HostResolvers;
import io.berth.engine.netns.LocalNetworks;
import io.berth.engine.runtime.Conmon;
import io.berth.engine.runtime.OciRuntime;
import io.berth.engine.snapshot.OverlaySnapshotter;
import io.berth.engine.snapshot.Snapshotter;
import io.berth.engine.snapshot.UserNamespaces;
import io.berth.engine.stdio.EventLoop;
import io.berth.engine.syscall.Spawner;
import io.berth.engine.syscall.Syscalls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;

/** Puts a {@link LocalEngine} together on a host. */
public final class LocalEngineFactory {

    private static final Logger LOG = Logger.getLogger(LocalEngineFactory.class);

    private final Syscalls syscalls;
    private final HostLayout layout;
    private final LocalEngineOptions options;

    public LocalEngineFactory(Syscalls syscalls, HostLayout layout, LocalEngineOptions options) {
        this.syscalls = syscalls;
        this.layout = layout;
        this.options = options;
    }

    /**
     * Opens the engine with what already runs in its data directory. Blocks for some milliseconds a container.
     *
     * @throws EngineException {@code HOST_INCOMPLETE} if the host lacks a program or a kernel feature
     */
    public LocalEngine open() {
        Path runtimeProgram = Programs.require(options.runtime());
        Path conmonProgram = Programs.require(options.conmon());
        try {
            BootMark.clearAfterReboot(layout.runDir(), options.procRoot());
            Files.createDirectories(layout.runDir());
            SharedMounts.ensureInMemory(layout.runDir(), syscalls);
            BootMark.set(layout.runDir(), options.procRoot());
            SharedMounts.ensure(layout.runDir(), syscalls);
            return LocalEngine.open(parts(runtimeProgram, conmonProgram));
        } catch (IOException e) {
            throw Launcher.translate("could not set up the host", e);
        }
    }

    private LocalParts parts(Path runtimeProgram, Path conmonProgram) throws IOException {
        EventLoop loop = new EventLoop(syscalls);
        ContainerFiles files = new ContainerFiles(layout);
        Cgroups cgroups = CgroupsFactory.detect(layout, syscalls);
        Path protectedProgram = ReadOnlyProgram.mount(syscalls, runtimeProgram, files.programs());
        RuntimeNamespace runtimeNamespace = RuntimeNamespace.open(
                syscalls, layout, cgroups.mode(), runtimeProgram.getFileName().toString());
        OciRuntime runtime = runtime(protectedProgram, files, runtimeNamespace.spawner());
        Path tmpDir = Files.createDirectories(layout.runDir().resolve("tmp"));
        Conmon conmon = new Conmon(syscalls, conmonProgram, runtime, tmpDir);
        UserNamespaces userNamespaces = new UserNamespaces(layout.runDir(), syscalls);
        LocalNetworks networks = new LocalNetworks(layout, options.network(), syscalls);
        Snapshotter snapshotter = new OverlaySnapshotter(layout, syscalls);
        Groups groups = new Groups(layout, userNamespaces, cgroups, networks, snapshotter);
        Streams streams = new Streams(syscalls, loop);
        SeccompFilter seccomp = new SeccompFilter(runtime.isCrun());
        Masks masks = runtime.isCrun() ? Masks.sharing(Files.createDirectories(layout.empty())) : Masks.ofRuntime();
        Optional<AppArmor> appArmor = appArmor();
        OciConfig ociConfig = new OciConfig(hardOpenFiles(), seccomp, masks);
        Meters meters = new Meters(files, cgroups, networks);
        Launcher launcher = new Launcher(
                syscalls,
                files,
                snapshotter,
                new Staging(syscalls, layout.staging(), runtime.isCrun()),
                networks,
                cgroups,
                ociConfig,
                seccomp,
                appArmor,
                runtime,
                conmon,
                new EtcFiles(syscalls, resolvers()),
                streams,
                meters,
                options);
        EndWatch watch = new EndWatch(loop);
        return new LocalParts(
                syscalls,
                loop,
                files,
                groups,
                cgroups,
                MigrationPrimer.start(),
                networks,
                snapshotter,
                runtimeNamespace,
                runtime,
                conmon,
                ociConfig,
                launcher,
                watch,
                new Pidfds(syscalls, cgroups, watch),
                streams,
                new Usage(cgroups, networks),
                meters,
                new ProcessTable(options.procRoot()),
                options.procRoot(),
                new HostInfo(runtimeProgram, conmonProgram, cgroups, options, appArmor));
    }

    /** What confines containers beside all else, where the kernel has it and takes the profile. */
    private Optional<AppArmor> appArmor() throws IOException {
        AppArmor appArmor = new AppArmor(options.sysRoot(), Programs.find(AppArmor.PARSER));
        if (!appArmor.isEnabled()) {
            return Optional.empty();
        }
        try {
            appArmor.ensureLoaded();
            return Optional.of(appArmor);
        } catch (IOException e) {
            LOG.warnf("containers run without an AppArmor profile: %s (./berth doctor)", e.getMessage());
            return Optional.empty();
        }
    }

    private OciRuntime runtime(Path program, ContainerFiles files, Spawner spawner) throws IOException {
        Path state = Files.createDirectories(files.runtimeState());
        String name = program.getFileName().toString();
        return switch (name) {
            case "crun" -> OciRuntime.crun(program, state, spawner);
            case "runc" -> OciRuntime.runc(program, state, spawner);
            default ->
                throw new EngineException(Reason.HOST_INCOMPLETE, "the runtime must be crun or runc, not " + program);
        };
    }

    private List<String> resolvers() {
        return options.resolvers().isEmpty() ? new HostResolvers().resolvers() : options.resolvers();
    }

    private long hardOpenFiles() throws IOException {
        Path limits = options.procRoot().resolve("self/limits");
        for (String line : Files.readAllLines(limits)) {
            if (line.startsWith("Max open files")) {
                String hard = line.substring("Max open files".length()).strip().split("\\s+")[1];
                return hard.equals("unlimited") ? Long.MAX_VALUE : Long.parseLong(hard);
            }
        }
        throw new IOException(limits + " does not tell the limit of open files");
    }
}
