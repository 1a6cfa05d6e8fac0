package io.berth.engine;

import org.jspecify.annotations.Nullable;

/** An engine operation failed; whatever it had begun is undone. The message may hold host paths: for the log only. */
public class EngineException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** What kind of failure, for the answer to the client. */
    public enum Reason {
        /** No such container, group or exec. */
        NOT_FOUND,
        /** The container is not in a state that allows it. */
        WRONG_STATE,
        /** The command is not in the image or cannot be executed. */
        COMMAND_NOT_FOUND,
        /** The user or group is not in the image. */
        USER_NOT_FOUND,
        /** The working directory is not in the image or is no directory. */
        WORKING_DIR,
        /** The image, or what a container made of it, has something in the way: {@link UnusableRootfsException}. */
        IMAGE,
        /** A value the kernel refuses, such as a limit below what is in use. */
        INVALID,
        /** The group has no address, id or other engine resource left. */
        EXHAUSTED,
        /** A reader of the process holds it up, so that it takes no more connections now. */
        BUSY,
        /** The file system is full. */
        NO_SPACE,
        /** A program or a feature of the kernel that the engine needs, such as crun or a cgroup controller, is missing on the host. */
        HOST_INCOMPLETE,
        /** Anything else. */
        INTERNAL
    }

    private final Reason reason;

    public EngineException(Reason reason, String message) {
        this(reason, message, null);
    }

    public EngineException(Reason reason, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
