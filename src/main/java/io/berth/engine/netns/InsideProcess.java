package io.berth.engine.netns;

import io.berth.common.Subprocess;
import io.berth.engine.syscall.ErrnoException;
import io.berth.engine.syscall.Fd;
import io.berth.engine.syscall.Syscalls;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A process of root of a user namespace, in a new network namespace owned by that, which lives as long as the process, or
 * until it is pinned. Only a process of one thread may enter a user namespace, which the server is not. It is spawned
 * directly: {@link ProcessBuilder} starts a program more for each, and a thread.
 */
final class InsideProcess implements AutoCloseable {

    /** Comes back from the last of the programs, which is then there. */
    private static final String GREETING = "ready\n";

    private static final Map<String, String> ENVIRONMENT = Map.of("LC_ALL", "C");
    private static final Duration DEADLINE = Duration.ofSeconds(5);
    private static final int SIGKILL = 9;
    /** Far above all that these programs ever complain of. */
    private static final int MOST_OUTPUT = 1 << 16;

    private final Syscalls syscalls;
    private final Path userNamespace;
    private final int pid;
    /** Also the lock under which it is signalled and closed. */
    private final Fd process;

    private final Fd input;
    private final Fd output;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(4096);
    private final StringBuilder said = new StringBuilder();
    private boolean reaped;
    private boolean closed;

    private InsideProcess(Syscalls syscalls, Path userNamespace, int pid, Fd process, Fd input, Fd output) {
        this.syscalls = syscalls;
        this.userNamespace = userNamespace;
        this.pid = pid;
        this.process = process;
        this.input = input;
        this.output = output;
    }

    /**
     * The programs, by absolute path: they replace one another in one process, so that its number stays. A busybox needs half of the time that those of util-linux do, most of which is spent on loading libraries.
     */
    record Programs(List<String> nsenter, List<String> unshare, List<String> cat) {

        static Programs find() {
            return ofBusybox()
                    .orElseGet(() -> new Programs(
                            List.of(HostCommands.find("nsenter", "util-linux")),
                            List.of(HostCommands.find("unshare", "util-linux")),
                            List.of(HostCommands.find("cat", "coreutils"))));
        }

        private static Optional<Programs> ofBusybox() {
            Optional<String> busybox = HostCommands.lookFor("busybox");
            return busybox.map(path ->
                            new Programs(List.of(path, "nsenter"), List.of(path, "unshare"), List.of(path, "cat")))
                    .filter(Programs::work);
        }

        /** Not each busybox has all of them, and older ones take options of a later program for their own: so they are tried. */
        private boolean work() {
            try {
                String answer = Subprocess.run(DEADLINE, command("--net=/proc/self/ns/net"), GREETING)
                        .stdout();
                return answer.equals(GREETING);
            } catch (IOException e) {
                return false;
            }
        }

        List<String> command(Path userNamespace) {
            return command("--user=" + userNamespace);
        }

        private List<String> command(String namespace) {
            List<String> command = new ArrayList<>(nsenter);
            command.addAll(List.of(namespace, "--setuid", "0", "--setgid", "0"));
            command.addAll(unshare);
            command.add("--net");
            command.addAll(cat);
            return command;
        }
    }

    static InsideProcess start(Syscalls syscalls, Programs programs, Path userNamespace) throws ErrnoException {
        Fd[] stdin = syscalls.pipe();
        try (Fd childInput = stdin[0]) {
            Fd[] stdout = syscalls.pipe();
            try (Fd childOutput = stdout[1]) {
                int pid = syscalls.spawn(
                        programs.command(userNamespace),
                        ENVIRONMENT,
                        Map.of(0, childInput, 1, childOutput, 2, childOutput));
                InsideProcess inside =
                        new InsideProcess(syscalls, userNamespace, pid, open(syscalls, pid), stdin[1], stdout[0]);
                inside.greet();
                return inside;
            } catch (ErrnoException | RuntimeException e) {
                stdout[0].close();
                throw e;
            }
        } catch (ErrnoException | RuntimeException e) {
            stdin[1].close();
            throw e;
        }
    }

    private static Fd open(Syscalls syscalls, int pid) throws ErrnoException {
        try {
            return syscalls.pidfdOpen(pid);
        } catch (ErrnoException e) {
            syscalls.kill(pid, SIGKILL);
            int unused = syscalls.waitpid(pid);
            throw e;
        }
    }

    int pid() {
        return pid;
    }

    /** The host's id of the user that owns the namespaces; once they exist. */
    long firstId() throws IOException {
        // "0 100000 65536"
        return Long.parseLong(
                Files.readString(Path.of("/proc/" + pid + "/gid_map")).strip().split("\\s+")[1]);
    }

    /** Blocks until the namespace exists. */
    void awaitNamespace() throws IOException {
        while (said.indexOf("\n") < 0 && read()) {
            // the rest of the line
        }
        if (!said.toString().equals(GREETING)) {
            throw failure();
        }
    }

    /** Ends a process that hangs: whoever waits for it gets an error. From any thread; nothing happens after the close. */
    void kill() {
        synchronized (process) {
            if (closed) {
                return;
            }
            try {
                syscalls.pidfdSendSignal(process, SIGKILL);
            } catch (ErrnoException ended) {
                // that is what was wanted
            }
        }
    }

    /** Repeatable. */
    @Override
    public void close() {
        if (!reaped) {
            kill();
            try {
                int unused = reap();
            } catch (ErrnoException gone) {
                // nothing is left of it
            }
        }
        synchronized (process) {
            closed = true;
            process.close();
        }
        input.close();
        output.close();
    }

    private int reap() throws ErrnoException {
        reaped = true;
        return syscalls.waitpid(pid);
    }

    /** Takes what it says next. Returns false at the end. */
    private boolean read() throws ErrnoException {
        buffer.clear();
        if (syscalls.read(output, buffer) < 0) {
            return false;
        }
        if (said.length() < MOST_OUTPUT) {
            said.append(StandardCharsets.UTF_8.decode(buffer.flip()));
        }
        return true;
    }

    private void greet() {
        byte[] bytes = GREETING.getBytes(StandardCharsets.US_ASCII);
        try {
            int unused = syscalls.write(
                    input, ByteBuffer.allocateDirect(bytes.length).put(bytes).flip());
        } catch (ErrnoException endedEarly) {
            kill(); // or whoever waits for what it says would wait for the deadline; what it said tells more
        }
    }

    private IOException failure() {
        kill();
        String tail = said.substring(Math.max(0, said.length() - 500)).strip();
        return new IOException("cannot make a network namespace owned by " + userNamespace + ": "
                + (tail.isEmpty() ? "ended early" : tail));
    }
}
