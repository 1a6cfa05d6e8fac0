package io.berth.engine.stdio;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.berth.common.Subprocess;
import io.berth.engine.Exit;
import io.berth.engine.syscall.Fd;
import io.berth.engine.syscall.Syscalls;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * A container of busybox alone, started by the real conmon and crun. They run in a mount namespace of their own without
 * the empty cgroup v2 tree of a hybrid host, which crun refuses.
 */
final class RealConmon implements AutoCloseable {

    private static final Duration DEADLINE = Duration.ofSeconds(20);
    private static final String WITHOUT_UNIFIED =
            "if mountpoint -q /sys/fs/cgroup/unified; then umount /sys/fs/cgroup/unified; fi; exec \"$@\"";

    final Path bundle;
    final ContainerLog log;
    final CompletableFuture<Exit> exit = new CompletableFuture<>();
    private final Syscalls syscalls;
    private final String id;
    private final Path exits;
    private final Path exitFile;

    private RealConmon(Syscalls syscalls, Path directory, String id, long logSizeMax) throws IOException {
        this.syscalls = syscalls;
        this.id = id;
        this.bundle = directory.resolve("bundle");
        this.exits = Files.createDirectories(directory.resolve("exits"));
        this.exitFile = exits.resolve(id);
        this.log = ContainerLog.prepare(directory.resolve("log"), logSizeMax);
    }

    /** Creates the container; its process waits for {@link #start}. */
    static RealConmon create(Syscalls syscalls, Path directory, long logSizeMax, boolean terminal, String... command)
            throws IOException {
        String id = "berth-it-" + ProcessHandle.current().pid() + "-" + Long.toHexString(System.nanoTime());
        RealConmon conmon = new RealConmon(syscalls, directory, id, logSizeMax);
        conmon.makeBundle(terminal, command);
        List<String> arguments = new ArrayList<>(List.of(
                "conmon",
                "--cid",
                id,
                "--cuuid",
                id,
                "--runtime",
                "/usr/bin/crun",
                "--bundle",
                conmon.bundle.toString(),
                "--full-attach",
                "--container-pidfile",
                directory + "/pid",
                "--log-path",
                conmon.log.driverArgument(),
                "--log-size-max",
                String.valueOf(logSizeMax),
                "--no-sync-log",
                "--exit-dir",
                conmon.exits.toString(),
                "--stdin"));
        if (terminal) {
            // else the loss of a connection would end the terminal's input
            arguments.addAll(List.of("--terminal", "--leave-stdin-open"));
        }
        try {
            conmon.spawn(arguments);
            return conmon;
        } catch (IOException | RuntimeException e) {
            conmon.close();
            throw e;
        }
    }

    private void spawn(List<String> arguments) throws IOException {
        Fd[] sync = syscalls.pipe();
        Fd[] start = syscalls.pipe();
        try {
            int pid = syscalls.spawn(
                    isolated(arguments),
                    Map.of(
                            "PATH",
                            "/usr/sbin:/usr/bin:/sbin:/bin",
                            "TZ",
                            "UTC",
                            "_OCI_SYNCPIPE",
                            "3",
                            "_OCI_STARTPIPE",
                            "4"),
                    Map.of(3, sync[1], 4, start[0]));
            sync[1].close();
            syscalls.write(start[1], direct("go"));
            start[1].close();
            syscalls.waitpid(pid);
            String report = readLine(sync[0]);
            if (!report.matches("\\{\\s*\"pid\"\\s*:\\s*[1-9][0-9]*\\s*}\\s*")) {
                throw new IOException("conmon could not create " + id + ": " + report);
            }
        } finally {
            for (Fd fd : List.of(sync[0], sync[1], start[0], start[1])) {
                fd.close();
            }
        }
        Thread watch = new Thread(this::awaitExit, "exit-of-" + id);
        watch.setDaemon(true);
        watch.start();
    }

    private static List<String> isolated(List<String> command) {
        List<String> whole = new ArrayList<>(List.of("unshare", "-m", "sh", "-c", WITHOUT_UNIFIED, "sh"));
        whole.addAll(command);
        return whole;
    }

    private static ByteBuffer direct(String text) {
        byte[] bytes = text.getBytes(UTF_8);
        return ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
    }

    private String readLine(Fd pipe) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocateDirect(8192);
        while (buffer.hasRemaining() && syscalls.read(pipe, buffer) > 0) {
            if (buffer.get(buffer.position() - 1) == '\n') {
                break;
            }
        }
        return UTF_8.decode(buffer.flip()).toString();
    }

    private void awaitExit() {
        try {
            while (!Files.exists(exitFile)) {
                Thread.sleep(5);
            }
            exit.complete(new Exit(Integer.parseInt(Files.readString(exitFile).strip()), false, Instant.now()));
        } catch (IOException | InterruptedException e) {
            exit.completeExceptionally(e);
        }
    }

    void start() throws IOException {
        Subprocess.run(DEADLINE, isolated(List.of("crun", "start", id))).orThrow();
    }

    private void makeBundle(boolean terminal, String... command) throws IOException {
        Path rootfs = Files.createDirectories(bundle.resolve("rootfs"));
        for (String name : List.of("bin", "proc", "dev")) {
            Files.createDirectories(rootfs.resolve(name));
        }
        Files.copy(Path.of("/bin/busybox"), rootfs.resolve("bin/busybox"));
        Files.createSymbolicLink(rootfs.resolve("bin/sh"), Path.of("busybox"));
        StringBuilder args = new StringBuilder();
        for (String word : command) {
            args.append(args.isEmpty() ? "" : ",")
                    .append('"')
                    .append(word.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n"))
                    .append('"');
        }
        Files.writeString(bundle.resolve("config.json"), """
                {"ociVersion": "1.0.2",
                 "process": {"terminal": %s, "user": {"uid": 0, "gid": 0}, "cwd": "/", "args": [%s],
                             "env": ["PATH=/bin", "TERM=xterm", "PS1=> "]},
                 "root": {"path": "rootfs"},
                 "mounts": [{"destination": "/proc", "type": "proc", "source": "proc"},
                            {"destination": "/dev", "type": "tmpfs", "source": "tmpfs"},
                            {"destination": "/dev/pts", "type": "devpts", "source": "devpts"}],
                 "linux": {"cgroupsPath": "/%s",
                           "namespaces": [{"type": "pid"}, {"type": "mount"}, {"type": "ipc"}, {"type": "uts"},
                                          {"type": "network"}]}}
                """.formatted(terminal, args, id));
    }

    /** Kills the process, and removes the container and its cgroups. */
    @Override
    public void close() throws IOException {
        Subprocess.run(DEADLINE, isolated(List.of("crun", "delete", "--force", id)));
    }
}
