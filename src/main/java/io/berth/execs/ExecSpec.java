package io.berth.execs;

import io.berth.containers.ContainerHandle;
import io.berth.engine.ContainerConfig.ProcessConfig;
import io.berth.engine.TerminalSize;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A further process for a container.
 *
 * @param args the command and its arguments, never empty
 * @param env on top of the container's
 * @param workingDir the container's if absent
 * @param user the container's if absent
 * @param tty whether it is a terminal session, which outlives its connections and the server
 * @param stdin whether plain pipes include the standard input
 * @param size of the terminal at first
 */
public record ExecSpec(
        List<String> args,
        Map<String, String> env,
        @Nullable String workingDir,
        @Nullable String user,
        boolean tty,
        boolean stdin,
        @Nullable TerminalSize size) {

    public ExecSpec {
        args = List.copyOf(args);
        env = Map.copyOf(env);
        if (args.isEmpty()) {
            throw new IllegalArgumentException("an exec needs a command");
        }
    }

    ProcessConfig in(ContainerHandle container) {
        Map<String, String> merged = new LinkedHashMap<>();
        for (String entry : container.env()) {
            int equals = entry.indexOf('=');
            merged.put(equals < 0 ? entry : entry.substring(0, equals), equals < 0 ? "" : entry.substring(equals + 1));
        }
        if (tty) {
            merged.putIfAbsent("TERM", "xterm");
        }
        merged.putAll(env);
        List<String> entries = new ArrayList<>();
        merged.forEach((name, value) -> entries.add(name + "=" + value));
        return new ProcessConfig(
                args,
                entries,
                workingDir == null ? container.workingDir() : workingDir,
                user == null ? container.user() : user,
                tty,
                size);
    }
}
