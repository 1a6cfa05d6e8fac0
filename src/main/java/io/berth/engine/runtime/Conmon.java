package io.berth.engine.runtime;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.berth.engine.EngineException;
import io.berth.engine.EngineException.Reason;
import io.berth.engine.syscall.ErrnoException;
import io.berth.engine.syscall.Fd;
import io.berth.engine.syscall.Flags;
import io.berth.engine.syscall.Syscalls;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Starts conmon, the monitor that holds a process's streams, logs them and records its exit, and that outlives the
 * server. See conmon(8) and the notes on its pipes in {@code conmon.c}.
 */
public final class Conmon {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int SYNC_FD = 3;
    private static final int START_FD = 4;
    private static final int ATTACH_FD = 5;
    private static final Duration DEADLINE = Duration.ofSeconds(30);
    private static final byte[] GO = {'\n'};

    private final Syscalls syscalls;
    private final Path program;
    private final OciRuntime runtime;
    private final Path tmpDir;

    /** @param tmpDir where conmon makes console sockets; short, private */
    public Conmon(Syscalls syscalls, Path program, OciRuntime runtime, Path tmpDir) {
        this.syscalls = syscalls;
        this.program = program;
        this.runtime = runtime;
        this.tmpDir = tmpDir;
    }

    /**
     * Creates a container under a new conmon: returns when the runtime has set it up and before its process runs.
     *
     * @return the host's process id of the container's first process
     * @throws EngineException with the runtime's complaint if it could not
     */
    public int create(MonitorSpec spec) {
        List<String> command = command(spec);
        try (Pipe sync = Pipe.open(syscalls);
                Pipe start = Pipe.open(syscalls)) {
            int launcher = launch(command, spec, Map.of(SYNC_FD, sync.writeEnd(), START_FD, start.readEnd()));
            boolean reported = false;
            try {
                sync.writeEnd().close();
                start.send(GO);
                int pid = readPid(sync, spec);
                reported = true;
                return pid;
            } finally {
                finish(launcher, start, reported, spec);
            }
        } catch (ErrnoException e) {
            throw failure("could not start conmon for " + spec.container(), e);
        }
    }

    /**
     * Starts a further process in a container under a conmon of its own.
     *
     * @param attach runs when the attach socket is there and before the process starts: what is connected then misses
     *     nothing
     * @return the host's process id of the process
     */
    public int exec(MonitorSpec spec, Path processSpec, Runnable attach) {
        List<String> command = command(spec);
        command.addAll(List.of("--exec", "--exec-attach", "--exec-process-spec", processSpec.toString()));
        try (Pipe sync = Pipe.open(syscalls);
                Pipe start = Pipe.open(syscalls);
                Pipe attached = Pipe.open(syscalls)) {
            int launcher = launch(
                    command,
                    spec,
                    Map.of(SYNC_FD, sync.writeEnd(), START_FD, start.readEnd(), ATTACH_FD, attached.writeEnd()));
            boolean reported = false;
            try {
                sync.writeEnd().close();
                attached.writeEnd().close();
                start.send(GO);
                attached.receiveLine(DEADLINE);
                attach.run();
                start.send(GO);
                int pid = readPid(sync, spec);
                reported = true;
                return pid;
            } finally {
                finish(launcher, start, reported, spec);
            }
        } catch (ErrnoException e) {
            throw failure("could not start conmon for an exec in " + spec.container(), e);
        }
    }

    private static EngineException failure(String what, ErrnoException cause) {
        boolean full = cause.is("ENOSPC") || cause.is("EDQUOT");
        return new EngineException(full ? Reason.NO_SPACE : Reason.INTERNAL, what, cause);
    }

    private List<String> command(MonitorSpec spec) {
        List<String> command = new ArrayList<>();
        command.add(program.toString());
        command.add("--api-version");
        command.addAll(List.of("--cid", spec.container()));
        command.addAll(List.of("--cuuid", spec.name()));
        command.addAll(List.of("--name", spec.name()));
        command.addAll(List.of("--runtime", runtime.program().toString()));
        runtime.globalArgs().forEach(argument -> command.addAll(List.of("--runtime-arg", argument)));
        log(spec).arguments().forEach(argument -> command.addAll(List.of("--runtime-arg", argument)));
        command.addAll(List.of("--bundle", spec.bundle().toString()));
        command.addAll(List.of("--container-pidfile", spec.pidFile().toString()));
        command.addAll(List.of("--conmon-pidfile", spec.monitorPidFile().toString()));
        command.addAll(List.of("--exit-dir", spec.exitDir().toString()));
        command.addAll(List.of("--log-path", spec.log()));
        command.addAll(List.of("--log-size-max", Long.toString(spec.logSizeBytes())));
        command.addAll(List.of("--log-level", "error", "--full-attach", "--no-sync-log"));
        if (spec.terminal()) {
            command.add("--terminal");
        }
        if (spec.stdin()) {
            command.add("--stdin");
        }
        if (spec.leaveStdinOpen()) {
            command.add("--leave-stdin-open");
        }
        return command;
    }

    private int launch(List<String> command, MonitorSpec spec, Map<Integer, Fd> pipes) throws ErrnoException {
        Map<String, String> environment = new HashMap<>(OciRuntime.ENVIRONMENT);
        // conmon 2.1 cannot write the time of a zone that is half an hour off, and logs nothing there.
        environment.put("TZ", "UTC");
        environment.put("TMPDIR", tmpDir.toString());
        environment.put("_OCI_SYNCPIPE", Integer.toString(SYNC_FD));
        environment.put("_OCI_STARTPIPE", Integer.toString(START_FD));
        if (pipes.containsKey(ATTACH_FD)) {
            environment.put("_OCI_ATTACHPIPE", Integer.toString(ATTACH_FD));
        }
        Map<Integer, Fd> descriptors = new HashMap<>(pipes);
        Path errors = spec.bundle().resolve("conmon.err");
        try (Fd stderr = syscalls.open(errors, Flags.O_WRONLY | Flags.O_CREAT | Flags.O_APPEND, 0600)) {
            descriptors.put(2, stderr);
            // where conmon makes a file named "oom" when the kernel kills for want of memory
            return runtime.spawner().spawn(command, environment, spec.bundle(), descriptors);
        }
    }

    /**
     * What was spawned waits for the start pipe, forks the monitor, writes its pid file and ends. A monitor that has not
     * reported hangs, or would go on without being asked for: it is killed, and the runtime with it.
     */
    private void finish(int launcher, Pipe start, boolean reported, MonitorSpec spec) throws ErrnoException {
        start.close();
        syscalls.waitpid(launcher);
        if (!reported) {
            new MonitorKill(syscalls).run(spec.monitorPidFile());
        }
    }

    private static RuntimeLog log(MonitorSpec spec) {
        return new RuntimeLog(spec.bundle().resolve("runtime.log"));
    }

    private int readPid(Pipe sync, MonitorSpec spec) throws ErrnoException {
        String line = sync.receiveLine(DEADLINE);
        JsonNode report;
        try {
            report = JSON.readTree(line);
        } catch (IOException e) {
            throw new EngineException(Reason.INTERNAL, "conmon reported what is no JSON: " + line, e);
        }
        int pid = report.path("data").asInt(-1);
        if (pid > 0) {
            return pid;
        }
        String message = report.path("message").asText("");
        throw RuntimeErrors.translate(
                log(spec).complaint().orElseGet(() -> message.isBlank() ? monitorComplaint(spec) : message));
    }

    private static String monitorComplaint(MonitorSpec spec) {
        try {
            String text = Files.readString(spec.bundle().resolve("conmon.err"), StandardCharsets.UTF_8)
                    .strip();
            return "conmon ended before it reported: " + text.substring(Math.max(0, text.length() - 2000));
        } catch (IOException e) {
            return "conmon ended before it reported";
        }
    }

    /** A pipe whose ends close once. */
    private record Pipe(Syscalls syscalls, Fd readEnd, Fd writeEnd) implements AutoCloseable {

        static Pipe open(Syscalls syscalls) throws ErrnoException {
            Fd[] ends = syscalls.pipe();
            return new Pipe(syscalls, ends[0], ends[1]);
        }

        void send(byte[] bytes) throws ErrnoException {
            ByteBuffer buffer =
                    ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
            syscalls.write(writeEnd, buffer);
        }

        /** One line, without its end; empty at the end of the pipe. */
        String receiveLine(Duration deadline) throws ErrnoException {
            long end = System.nanoTime() + deadline.toNanos();
            StringBuilder line = new StringBuilder();
            ByteBuffer buffer = ByteBuffer.allocateDirect(8192);
            try (Fd epoll = syscalls.epollCreate()) {
                syscalls.epollControl(epoll, Flags.EPOLL_CTL_ADD, readEnd, Flags.EPOLLIN, 0);
                while (line.indexOf("\n") < 0 && line.length() < 65_536) {
                    long left = end - System.nanoTime();
                    if (left <= 0 || syscalls.epollWait(epoll, new long[1], new int[1], left) == 0) {
                        throw new EngineException(Reason.INTERNAL, "conmon did not report within " + deadline);
                    }
                    buffer.clear();
                    if (syscalls.read(readEnd, buffer) < 0) {
                        break;
                    }
                    line.append(StandardCharsets.UTF_8.decode(buffer.flip()));
                }
            }
            int newline = line.indexOf("\n");
            return newline < 0 ? line.toString() : line.substring(0, newline);
        }

        @Override
        public void close() {
            readEnd.close();
            writeEnd.close();
        }
    }
}
