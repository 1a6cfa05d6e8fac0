package io.berth.engine.runtime;

import io.berth.engine.syscall.Spawner;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The command lines of an OCI runtime: what {@code crun} and {@code runc} have in common.
 *
 * @param program absolute path
 * @param globalArgs before the subcommand, such as where its state is kept
 * @param spawner starts it, and what starts it, where it must run
 */
public record OciRuntime(Path program, List<String> globalArgs, Spawner spawner) {

    /** What a runtime is started with; the last entry says that its program lies on a read-only mount. */
    public static final Map<String, String> ENVIRONMENT = Map.of(
            "PATH",
            "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
            "LC_ALL",
            "C.UTF-8",
            "_LIBCONTAINER_CLONED_BINARY",
            "1");

    public OciRuntime {
        globalArgs = List.copyOf(globalArgs);
    }

    public static OciRuntime crun(Path program, Path stateDir, Spawner spawner) {
        return new OciRuntime(program, List.of("--root", stateDir.toString(), "--cgroup-manager", "cgroupfs"), spawner);
    }

    public static OciRuntime runc(Path program, Path stateDir, Spawner spawner) {
        return new OciRuntime(program, List.of("--root", stateDir.toString()), spawner);
    }

    public String name() {
        return program.getFileName().toString();
    }

    public boolean isCrun() {
        return name().equals("crun");
    }

    public List<String> start(String container) {
        return command("start", container);
    }

    /**
     * Runs a process in a container with the caller's standard streams, until it ends, with its exit code.
     *
     * @param processSpec file that holds an OCI {@code process} object
     * @param pidFile receives the process id on the host
     * @param log receives the runtime's own complaints, which would otherwise mix with the process's stderr
     */
    public List<String> exec(String container, Path processSpec, Path pidFile, RuntimeLog log) {
        List<String> command = new ArrayList<>();
        command.add(program.toString());
        command.addAll(globalArgs);
        command.addAll(log.arguments());
        command.addAll(List.of("exec", "--process", processSpec.toString(), "--pid-file", pidFile.toString()));
        command.add(container);
        return command;
    }

    private List<String> command(String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(program.toString());
        command.addAll(globalArgs);
        command.addAll(List.of(arguments));
        return command;
    }
}
