package io.berth.execs.rest;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import io.berth.common.BerthException;
import io.berth.common.Texts;
import io.berth.engine.TerminalSize;
import io.berth.execs.ExecSpec;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Body of {@code POST …/execs}.
 *
 * @param stdin whether there is a standard input; with {@code wait}, its content: text, or base64 as {@code encoding} says
 * @param waits {@code wait}: whether the answer waits for the end of the process
 * @param timeout with {@code wait}: seconds, or a text such as {@code 90s}
 * @param encoding {@code utf-8} or {@code base64}, of stdin and of the answer's output
 */
public record ExecRequest(
        @Nullable List<String> command,
        @Nullable List<String> args,
        @Nullable Map<String, String> env,
        @Nullable String workingDir,
        @Nullable String user,
        boolean tty,
        @Nullable JsonNode stdin,
        @JsonProperty("wait") boolean waits,
        @Nullable Duration timeout,
        @Nullable String encoding,
        @Nullable Size size) {

    private static final int MAX_ARGUMENTS = 1024;
    private static final int MAX_BYTES = 128 << 10;
    private static final Pattern ENV_NAME = Pattern.compile("[^=\\x00]{1,256}");

    /** Size of a terminal in character cells. */
    public record Size(int columns, int rows) {
        TerminalSize toTerminalSize() {
            return terminalSize(columns, rows, "/size");
        }
    }

    static TerminalSize terminalSize(int columns, int rows, String pointer) {
        try {
            return new TerminalSize(columns, rows);
        } catch (IllegalArgumentException e) {
            throw BerthException.invalidField(pointer, "columns and rows must be 1 to 65535");
        }
    }

    ExecSpec toSpec() {
        List<String> all = new ArrayList<>(command == null ? List.of() : command);
        all.addAll(args == null ? List.of() : args);
        checkArguments(all);
        Map<String, String> environment = env == null ? Map.of() : env;
        checkEnvironment(environment);
        if (workingDir != null
                && (!workingDir.startsWith("/") || !Texts.isPassable(workingDir) || workingDir.length() > 4096)) {
            throw BerthException.invalidField("/workingDir", "must be an absolute path");
        }
        if (user != null && (user.isBlank() || user.length() > 256 || !Texts.isPassable(user))) {
            throw BerthException.invalidField("/user", "must be 'user', 'uid', 'user:group' or 'uid:gid'");
        }
        if (waits && tty) {
            throw BerthException.invalidField(
                    "/tty", "an exec that is waited for has no terminal: leave out 'tty' or 'wait'");
        }
        if (!waits && (timeout != null || encoding != null)) {
            throw BerthException.invalidField(timeout != null ? "/timeout" : "/encoding", "goes with 'wait' only");
        }
        if (timeout != null && (timeout.isZero() || timeout.isNegative())) {
            throw BerthException.invalidField("/timeout", "must be positive");
        }
        return new ExecSpec(
                all, environment, workingDir, user, tty, hasStdin(), size == null ? null : size.toTerminalSize());
    }

    private static void checkArguments(List<String> all) {
        if (all.isEmpty() || all.get(0) == null || all.get(0).isEmpty()) {
            throw BerthException.invalidField("/command", "must name what to run, such as [\"sh\", \"-c\", \"ls\"]");
        }
        long bytes = 0;
        for (String argument : all) {
            if (argument == null || !Texts.isPassable(argument)) {
                throw BerthException.invalidField(
                        "/command", "must hold Unicode texts only, no null and no character U+0000");
            }
            bytes += argument.length();
        }
        if (all.size() > MAX_ARGUMENTS || bytes > MAX_BYTES) {
            throw BerthException.invalidField(
                    "/command", "may have " + MAX_ARGUMENTS + " arguments and " + MAX_BYTES + " characters at most");
        }
    }

    private static void checkEnvironment(Map<String, String> environment) {
        long bytes = 0;
        for (Map.Entry<String, String> entry : environment.entrySet()) {
            String value = entry.getValue();
            if (!ENV_NAME.matcher(entry.getKey()).matches()
                    || !Texts.isUnicode(entry.getKey())
                    || value == null
                    || !Texts.isPassable(value)) {
                throw BerthException.invalidField(
                        "/env", "names must not be empty or hold '=', both must be Unicode texts without U+0000");
            }
            bytes += value.length();
        }
        if (environment.size() > MAX_ARGUMENTS || bytes > MAX_BYTES) {
            throw BerthException.invalidField(
                    "/env", "may have " + MAX_ARGUMENTS + " entries and " + MAX_BYTES + " characters at most");
        }
    }

    private boolean hasStdin() {
        if (stdin == null || stdin.isNull()) {
            return false;
        }
        if (stdin.isBoolean() && !(waits && stdin.booleanValue())) {
            return stdin.booleanValue();
        }
        if (waits && stdin.isTextual()) {
            return true;
        }
        throw BerthException.invalidField(
                "/stdin",
                waits ? "with 'wait' it is the input's text" : "must be true or false; a text goes with 'wait'");
    }

    /** What goes to the standard input; null if it has none. */
    byte @Nullable [] input() {
        if (stdin == null || !stdin.isTextual()) {
            return null;
        }
        if (!isBase64()) {
            return stdin.textValue().getBytes(StandardCharsets.UTF_8);
        }
        try {
            return Base64.getDecoder().decode(stdin.textValue());
        } catch (IllegalArgumentException e) {
            throw BerthException.invalidField("/stdin", "is not base64, as 'encoding' says");
        }
    }

    boolean isBase64() {
        if (encoding == null || "utf-8".equals(encoding)) {
            return false;
        }
        if ("base64".equals(encoding)) {
            return true;
        }
        throw BerthException.invalidField("/encoding", "must be 'utf-8' or 'base64'");
    }
}
