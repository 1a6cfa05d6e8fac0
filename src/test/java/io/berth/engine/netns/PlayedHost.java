package io.berth.engine.netns;

import io.berth.common.Rollback;
import io.berth.common.Subprocess;
import io.berth.engine.HostLayout;
import io.berth.engine.syscall.JnrSyscalls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A host played by a network namespace, so that no packet of a test can leave the machine, with an outside played by
 * another: 198.51.100.2, and 169.254.169.254 behind it. The outside has no route to containers: only NAT reaches it.
 */
final class PlayedHost implements AutoCloseable {

    static final String OUTSIDE = "198.51.100.2";
    static final String METADATA = "169.254.169.254";

    private final Rollback cleanup = new Rollback();
    private final Path root;
    private final Process host;

    PlayedHost(Path root) throws IOException {
        this.root = root;
        try {
            host = hold("unshare", "--net");
            Process outside = hold("unshare", "--net");
            Path sys = Files.createDirectories(root.resolve("sys"));
            run("mount", "-t", "sysfs", "sysfs", sys.toString());
            cleanup.push(
                    "sysfs",
                    () -> Subprocess.run(seconds(), List.of("umount", "-l", sys.toString()))
                            .orThrow());
            Files.writeString(forwarding(), "0\n");
            run("sysctl", "-q", "-w", "net.ipv4.ip_forward=1");
            run("ip", "link", "set", "lo", "up");
            run("ip", "link", "add", "out0", "type", "veth", "peer", "name", "eth0", "netns", "" + outside.pid());
            run("ip", "addr", "add", "198.51.100.1/24", "dev", "out0");
            run("ip", "link", "set", "out0", "up");
            in(outside, "ip", "addr", "add", OUTSIDE + "/24", "dev", "eth0").orThrow();
            in(outside, "ip", "addr", "add", METADATA + "/32", "dev", "eth0").orThrow();
            in(outside, "ip", "link", "set", "eth0", "up").orThrow();
            run("ip", "route", "add", METADATA, "via", OUTSIDE);
        } catch (IOException | RuntimeException e) {
            cleanup.close();
            throw e;
        }
    }

    HostLayout layout(String instance) {
        return new HostLayout(root.resolve("data-" + instance), root.resolve("run/" + instance), instance);
    }

    LocalNetworks networks(String instance, NetworkSettings settings) throws IOException {
        return new LocalNetworks(layout(instance), settings, new JnrSyscalls(), settingsHost());
    }

    Path namespace() {
        return Path.of("/proc/" + host.pid() + "/ns/net");
    }

    Path forwarding() {
        return root.resolve("ip_forward");
    }

    private NetworkSettings.Host settingsHost() {
        return new NetworkSettings.Host(
                namespace(), root.resolve("sys/class/net"), forwarding(), root.resolve("run/subnets"));
    }

    /** A pinned user namespace in which ids begin at {@code firstId}. */
    Path userNamespace(String name, int firstId) throws IOException {
        Process holder = hold("unshare", "--user");
        Path proc = Path.of("/proc/" + holder.pid());
        Files.writeString(proc.resolve("uid_map"), "0 " + firstId + " 65536");
        Files.writeString(proc.resolve("gid_map"), "0 " + firstId + " 65536");
        Path pin = Files.createFile(root.resolve(name));
        Subprocess.run(
                        seconds(),
                        List.of("mount", "--bind", proc.resolve("ns/user").toString(), pin.toString()))
                .orThrow();
        cleanup.push(
                "user namespace",
                () -> Subprocess.run(seconds(), List.of("umount", "-l", pin.toString()))
                        .orThrow());
        return pin;
    }

    /** Runs a program on the played host; throws if it fails. */
    String run(String... command) throws IOException {
        return in(host, command).orThrow().stdout();
    }

    /** Starts a server on the played host. */
    void serve(String... command) throws IOException {
        List<String> all = new ArrayList<>(List.of("nsenter", "--net=/proc/" + host.pid() + "/ns/net"));
        all.addAll(List.of(command));
        end(new ProcessBuilder(all).inheritIO().start());
    }

    /** Runs a program as root of a container's namespaces; whether it succeeded. */
    static boolean inside(Path userNamespace, Networks.Sandbox sandbox, String... command) throws IOException {
        List<String> all = new ArrayList<>(List.of(
                "nsenter",
                "--user=" + userNamespace,
                "--net=" + sandbox.namespace(),
                "--setuid",
                "0",
                "--setgid",
                "0"));
        all.addAll(List.of(command));
        return Subprocess.run(seconds(), all).exitCode() == 0;
    }

    static boolean ping(Path userNamespace, Networks.Sandbox from, String to, String... more) throws IOException {
        List<String> command = new ArrayList<>(List.of("/bin/busybox", "ping", "-c", "1", "-W", "1"));
        command.addAll(List.of(more));
        command.add(to);
        return inside(userNamespace, from, command.toArray(String[]::new));
    }

    List<Path> pins(String instance) throws IOException {
        return list(layout(instance).runDir().resolve("netns"));
    }

    List<String> devices(String instance) throws IOException {
        return list(root.resolve("sys/class/net")).stream()
                .map(path -> path.getFileName().toString())
                .filter(name -> name.startsWith(instance, 1))
                .toList();
    }

    static List<Path> list(Path directory) throws IOException {
        try (var entries = Files.list(directory)) {
            return entries.sorted().toList();
        }
    }

    @Override
    public void close() {
        cleanup.close();
    }

    private Process hold(String... unshare) throws IOException {
        List<String> command = new ArrayList<>(List.of(unshare));
        command.addAll(List.of("sh", "-c", "echo ready; exec sleep 600"));
        Process process = new ProcessBuilder(command).start();
        end(process);
        if (!"ready".equals(process.inputReader().readLine())) {
            throw new IOException(command + " failed: " + process.errorReader().readLine());
        }
        return process;
    }

    private void end(Process process) {
        cleanup.push("process " + process.pid(), () -> process.destroyForcibly().waitFor());
    }

    private static Subprocess.Result in(Process namespace, String... command) throws IOException {
        List<String> all = new ArrayList<>(List.of("nsenter", "--net=/proc/" + namespace.pid() + "/ns/net"));
        all.addAll(List.of(command));
        return Subprocess.run(seconds(), all);
    }

    private static Duration seconds() {
        return Duration.ofSeconds(20);
    }
}
