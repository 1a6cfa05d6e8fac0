package io.berth.api.problem;

import io.berth.common.BerthException;
import io.berth.common.ErrorCode;
import io.berth.engine.EngineException;
import io.berth.engine.UnusableRootfsException;
import org.jboss.logging.Logger;

/**
 * Says what an engine's failure means to a client. The engine's own message holds host paths and stays in the log. Who knows
 * what the client asked for says more, see {@link io.berth.engine.EngineException#reason}.
 */
final class EngineFailures {

    private static final Logger LOG = Logger.getLogger(EngineFailures.class);

    private EngineFailures() {}

    static BerthException translate(EngineException failure) {
        BerthException translated = switch (failure.reason()) {
            case NOT_FOUND -> make(ErrorCode.NOT_FOUND, "it is not on the host any more", failure);
            case WRONG_STATE ->
                make(ErrorCode.WRONG_STATE, "the container's state changed meanwhile and does not allow this", failure);
            case COMMAND_NOT_FOUND ->
                make(
                        ErrorCode.COMMAND_NOT_FOUND,
                        "the command is not in the image, or cannot be executed: check 'command' and 'args', and that the file"
                                + " is executable and has its interpreter",
                        failure);
            case USER_NOT_FOUND ->
                make(
                        ErrorCode.USER_NOT_FOUND,
                        "the user or group is not in the image's /etc/passwd or /etc/group: give a number, or one that is there",
                        failure);
            case WORKING_DIR ->
                BerthException.invalidField(
                        "/workingDir", "is not in the container, is no directory, or may not be entered");
            case IMAGE ->
                make(
                        ErrorCode.INVALID_IMAGE,
                        failure instanceof UnusableRootfsException unusable
                                ? unusable.explanation()
                                : "something in the image's file system is in the way of what a container needs",
                        failure);
            case INVALID ->
                make(
                        ErrorCode.VALIDATION_FAILED,
                        "the kernel refuses one of these values, such as a memory limit below what is in use",
                        failure);
            case EXHAUSTED ->
                make(
                        ErrorCode.UNAVAILABLE,
                        "the tenant has no address or other engine resource left: delete containers that are not needed",
                        failure);
            case BUSY ->
                make(
                        ErrorCode.WRONG_STATE,
                        "a client that reads its output without acknowledging it holds the process up, so that no more can"
                                + " connect: let that client go on or close, and try again",
                        failure);
            case NO_SPACE -> make(ErrorCode.NO_SPACE, "the host's disk is full", failure);
            case HOST_INCOMPLETE ->
                make(
                        ErrorCode.HOST_INCOMPLETE,
                        "a program or a feature of the kernel that this needs is missing on the host: './berth doctor' tells which",
                        failure);
            case INTERNAL ->
                make(
                        ErrorCode.INTERNAL,
                        "the container engine failed; the server's log tells more under this request id",
                        failure);
        };
        if (translated.code().status() >= 500) {
            LOG.error("engine failed: " + failure.reason(), failure);
        } else {
            LOG.debugf(failure, "engine refused: %s", failure.reason());
        }
        return translated;
    }

    private static BerthException make(ErrorCode code, String detail, EngineException cause) {
        return new BerthException(code, detail, cause);
    }
}
