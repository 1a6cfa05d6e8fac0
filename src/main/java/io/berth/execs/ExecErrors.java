package io.berth.execs;

import io.berth.common.BerthException;
import io.berth.common.ErrorCode;
import io.berth.containers.ContainerHandle;
import io.berth.engine.EngineException;

/** What a client is told when something is wrong with an exec. */
final class ExecErrors {

    private ExecErrors() {}

    static BerthException notFound(String id) {
        return new BerthException(ErrorCode.EXEC_NOT_FOUND, "there is no exec '" + shorten(id) + "' in this container");
    }

    static BerthException tooMany(ContainerHandle container, int most) {
        return new BerthException(
                ErrorCode.RATE_LIMITED,
                "container " + container.id() + " runs " + most + " execs already: end one, or try again later");
    }

    static BerthException notATerminal(Exec exec) {
        return new BerthException(ErrorCode.WRONG_STATE, "exec " + exec.id() + " has no terminal: start one with tty");
    }

    static BerthException taken(String id) {
        return new BerthException(
                ErrorCode.WRONG_STATE,
                "the output of exec " + id + " was read already; use tty for one that can be reattached");
    }

    /** Says what the engine's refusal to start a process means; others pass. */
    static RuntimeException starting(ContainerHandle container, ExecSpec spec, EngineException failure) {
        return switch (failure.reason()) {
            case COMMAND_NOT_FOUND ->
                new BerthException(
                        ErrorCode.COMMAND_NOT_FOUND,
                        "the command '" + shorten(spec.args().get(0))
                                + "' is not in the container or cannot be executed: give its path, or a name found in PATH",
                        failure);
            case USER_NOT_FOUND -> {
                String user = spec.user() == null ? container.user() : spec.user();
                yield new BerthException(
                        ErrorCode.USER_NOT_FOUND,
                        "the user '" + shorten(String.valueOf(user))
                                + "' is not in the container: give a number, or a name in its /etc/passwd",
                        failure);
            }
            case NOT_FOUND, WRONG_STATE ->
                new BerthException(
                        ErrorCode.WRONG_STATE,
                        "container " + container.id() + " is not running (" + container.state() + "): start it first",
                        failure);
            default -> failure;
        };
    }

    private static String shorten(String text) {
        return text.length() > 100 ? text.substring(0, 100) + "…" : text;
    }
}
