package io.berth.engine.local;

import io.berth.common.Subprocess;
import io.berth.engine.ContainerId;
import io.berth.engine.ExecId;
import io.berth.engine.HostLayout;
import io.berth.engine.cgroup.CgroupMounts;
import io.berth.engine.mount.MountTable;
import io.berth.engine.syscall.JnrSyscalls;
import io.berth.engine.syscall.Syscalls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** A data directory and a run directory of a test's own, with an image of static busybox. Closing it leaves no trace. */
public final class EngineHost implements AutoCloseable {

    private static final int SIGSTOP = 19;

    public final Syscalls syscalls;
    public final HostLayout layout;
    public final Path busybox;
    private final LocalEngineOptions options;
    private LocalEngine engine;

    public EngineHost(LocalEngineOptions options) throws IOException {
        this(new JnrSyscalls(), options);
    }

    public EngineHost(Syscalls syscalls, LocalEngineOptions options) throws IOException {
        String instance = String.format("%06x", new Random().nextInt(1 << 24));
        Path runDir = Path.of("/run/berth").resolve(instance);
        this.syscalls = syscalls;
        this.options = options;
        this.layout = new HostLayout(Files.createTempDirectory("berth-engine-"), runDir, instance);
        this.busybox = makeBusybox(layout.layers().resolve("busybox"));
        this.engine = open();
    }

    private LocalEngine open() {
        return new LocalEngineFactory(syscalls, layout, options).open();
    }

    public LocalEngine engine() {
        return engine;
    }

    /** What a restart of the server does: the containers go on, and a new engine finds them. */
    public LocalEngine restart() {
        engine.close();
        engine = open();
        return engine;
    }

    /** Something that happens to the host while no server runs. */
    interface Event {
        void happens() throws IOException;
    }

    /** A restart with something between its end and its beginning. */
    LocalEngine whileClosed(Event event) throws IOException {
        engine.close();
        try {
            event.happens();
        } finally {
            engine = open();
        }
        return engine;
    }

    Path bundle(ContainerId id) {
        return layout.runDir().resolve("c").resolve(id.value());
    }

    /** The root file system as the container sees it, while it is mounted. */
    Path rootfs(ContainerId id) {
        return layout.runDir().resolve("rootfs").resolve(id.value());
    }

    /** A cgroup of this instance in every hierarchy, whether it exists or not. */
    List<Path> cgroups(String path) throws IOException {
        return CgroupMounts.of(MountTable.read()).hierarchies().stream()
                .map(hierarchy ->
                        hierarchy.mountPoint().resolve(layout.cgroupRoot()).resolve(path))
                .toList();
    }

    boolean isMonitored(ContainerId id) {
        return monitor(bundle(id)).filter(ProcessHandle::isAlive).isPresent();
    }

    boolean isMonitored(ContainerId id, ExecId session) {
        return monitor(bundle(id).resolve("s").resolve(session.value()))
                .filter(ProcessHandle::isAlive)
                .isPresent();
    }

    void killMonitor(ContainerId id) {
        monitor(bundle(id)).orElseThrow().destroyForcibly();
    }

    /** It stays and does nothing any more. */
    void stopMonitor(ContainerId id) throws IOException {
        syscalls.kill((int) monitor(bundle(id)).orElseThrow().pid(), SIGSTOP);
    }

    void killMonitor(ContainerId id, ExecId session) {
        monitor(bundle(id).resolve("s").resolve(session.value())).orElseThrow().destroyForcibly();
    }

    private static Optional<ProcessHandle> monitor(Path bundle) {
        try {
            return ProcessHandle.of(Long.parseLong(
                    Files.readString(bundle.resolve("conmon.pid")).strip()));
        } catch (IOException removed) {
            return Optional.empty();
        }
    }

    /** Command lines on the host that name this instance and this, too. */
    List<String> processes(String name) {
        return ProcessHandle.allProcesses()
                .map(process -> process.info().commandLine().orElse(""))
                .filter(line -> line.contains(layout.runDir().toString()) && line.contains(name))
                .toList();
    }

    private static Path makeBusybox(Path root) throws IOException {
        for (String directory : List.of("bin", "etc", "proc", "sys", "dev", "tmp", "root")) {
            Files.createDirectories(root.resolve(directory));
        }
        Path program = root.resolve("bin/busybox");
        Files.copy(Path.of("/bin/busybox"), program, StandardCopyOption.COPY_ATTRIBUTES);
        for (String applet : Subprocess.run(Duration.ofSeconds(5), List.of("/bin/busybox", "--list"))
                .orThrow()
                .stdout()
                .lines()
                .toList()) {
            if (!applet.equals("busybox")) {
                Files.createSymbolicLink(root.resolve("bin").resolve(applet), Path.of("busybox"));
            }
        }
        Files.writeString(
                root.resolve("etc/passwd"), "root:x:0:0:root:/root:/bin/sh\nalice:x:1000:1000::/home:/bin/sh\n");
        Files.writeString(root.resolve("etc/group"), "root:x:0:\nstaff:x:50:alice\n");
        return root;
    }

    /** Everything on the host that names this instance: mounts, cgroups, devices, tables, processes. */
    public List<String> traces() throws IOException {
        List<String> traces = new ArrayList<>();
        MountTable.read().beneath(layout.runDir()).forEach(entry -> traces.add("mount " + entry));
        cgroups("").stream().filter(Files::exists).forEach(cgroup -> traces.add("cgroup " + cgroup));
        Subprocess.run(Duration.ofSeconds(5), List.of("ip", "-o", "link"))
                .stdout()
                .lines()
                .filter(line -> line.contains(layout.instance()))
                .forEach(line -> traces.add("device " + line));
        processes("").forEach(process -> traces.add("process " + process));
        return traces;
    }

    @Override
    public void close() throws IOException {
        engine.destroy();
        Trees.remove(layout.dataDir());
    }
}
