package io.berth.containers;

import io.berth.common.BerthException;
import io.berth.common.ErrorCode;
import io.berth.common.Texts;
import io.berth.engine.EngineException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Says what it means that the engine could not start a process, by the names of what was asked for. */
public final class LaunchFailures {

    private static final Pattern NUMBER = Pattern.compile("-?[0-9]+");
    private static final int MOST_ID = 65_535;

    private LaunchFailures() {}

    /**
     * The refusal, or the failure itself if the command, user and working directory are not to blame.
     *
     * @param workingDir {@code null} to leave working directories to others
     */
    public static RuntimeException explain(
            String command, @Nullable String user, @Nullable String workingDir, RuntimeException failure) {
        if (!(failure instanceof EngineException refusal)) {
            return failure;
        }
        return switch (refusal.reason()) {
            case COMMAND_NOT_FOUND ->
                new BerthException(
                        ErrorCode.COMMAND_NOT_FOUND,
                        "the command '" + Texts.shorten(command)
                                + "' is not in the container or cannot be executed: give its path, or a name found in PATH,"
                                + " of an executable file whose interpreter is there",
                        failure);
            case USER_NOT_FOUND -> new BerthException(ErrorCode.USER_NOT_FOUND, user(String.valueOf(user)), failure);
            case WORKING_DIR ->
                workingDir == null
                        ? failure
                        : BerthException.invalidField(
                                "/workingDir",
                                "'" + Texts.shorten(workingDir)
                                        + "' is not in the container, is no directory, or may not be entered");
            default -> failure;
        };
    }

    private static String user(String spec) {
        for (String name : spec.split(":", 2)) {
            if (NUMBER.matcher(name).matches() && !isId(name)) {
                return "the id '" + Texts.shorten(name) + "' is out of range: user and group ids go from 0 to "
                        + MOST_ID;
            }
        }
        return "the user '" + Texts.shorten(spec)
                + "' is not in the container: give a number, or a name in its /etc/passwd, and a group in its /etc/group";
    }

    private static boolean isId(String number) {
        return !number.startsWith("-") && number.length() <= 10 && Long.parseLong(number) <= MOST_ID;
    }
}
