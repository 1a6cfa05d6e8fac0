package io.berth.execs;

import io.berth.common.BerthException;
import io.berth.common.ErrorCode;
import io.berth.common.Texts;
import io.berth.containers.ContainerHandle;
import io.berth.containers.LaunchFailures;
import io.berth.engine.EngineException;
import java.time.Duration;

/** What a client is told when something is wrong with an exec. */
final class ExecErrors {

    private ExecErrors() {}

    static BerthException notFound(String id) {
        return new BerthException(
                ErrorCode.EXEC_NOT_FOUND, "there is no exec '" + Texts.shorten(id) + "' in this container");
    }

    static BerthException tooMany(ContainerHandle container, int most) {
        return new BerthException(
                ErrorCode.RATE_LIMITED,
                "container " + container.id() + " has " + most
                        + " execs that run or whose output waits to be had: end one, or try again later");
    }

    static BerthException tooManySignals(Exec exec, EngineException cause) {
        return new BerthException(
                ErrorCode.RATE_LIMITED,
                "exec " + exec.id()
                        + " was not signalled: too many signals of the tenant wait for their turn; try again later",
                cause);
    }

    static BerthException timeoutTooLong(Duration longest) {
        return BerthException.invalidField("/timeout", "must be " + longest.toSeconds() + " s at most");
    }

    static BerthException notATerminal(Exec exec) {
        return new BerthException(ErrorCode.WRONG_STATE, "exec " + exec.id() + " has no terminal: start one with tty");
    }

    static BerthException taken(String id, Duration unattached) {
        return new BerthException(
                ErrorCode.WRONG_STATE,
                "the output of exec " + id + " can be had once, and within " + unattached.toSeconds()
                        + " s of its start; use tty for one that can be reattached");
    }

    static BerthException stillEnding(Exec exec, Throwable cause) {
        return new BerthException(
                ErrorCode.UNAVAILABLE, "exec " + exec.id() + " was killed and has not ended yet: try again", cause);
    }

    /** Says what the engine's refusal to start a process means; others pass. */
    static RuntimeException starting(ContainerHandle container, ExecSpec spec, EngineException failure) {
        return switch (failure.reason()) {
            case NOT_FOUND, WRONG_STATE ->
                new BerthException(
                        ErrorCode.WRONG_STATE,
                        "container " + container.id() + " is not running (" + container.state() + "): start it first",
                        failure);
            default ->
                LaunchFailures.explain(
                        spec.args().get(0),
                        spec.user() == null ? container.user() : spec.user(),
                        spec.workingDir() == null ? container.workingDir() : spec.workingDir(),
                        failure);
        };
    }
}
