package io.berth.engine;

import org.jspecify.annotations.Nullable;

/** Something is wrong with a path in a container. The message holds paths of the container only. */
public class ContainerFileException extends EngineException {

    private static final long serialVersionUID = 1L;

    /** What is wrong. */
    public enum Problem {
        NOT_FOUND,
        EXISTS,
        /** Something on the way, or what should be one, is no directory. */
        NOT_A_DIRECTORY,
        IS_A_DIRECTORY,
        /** A FIFO, socket or device. */
        NOT_A_FILE,
        NOT_EMPTY,
        READ_ONLY,
        /** Something is mounted there, such as {@code /etc/hosts}. */
        MOUNTED,
        /** On a file system that is not the container's own, such as {@code /proc}. */
        FOREIGN,
        /** On a tmpfs, where only the container's own processes can make files. */
        TMPFS,
        /** It cannot be moved there: to another file system, or a directory of the image. */
        NOT_MOVABLE,
        /** Too many links on the way, a path that is too long or too deep. */
        TOO_DEEP,
        /** The container kept changing the tree. */
        CHANGING,
        /** There is more of it than one call deals with; what was done stays. */
        UNFINISHED,
        NO_SPACE,
        /** The kernel refuses the name, or the move of a directory into itself. */
        INVALID
    }

    private final Problem problem;
    private final String path;

    /** @param path of the container, as the client has named it */
    public ContainerFileException(Problem problem, String path, String message, @Nullable Throwable cause) {
        super(reason(problem), message + ": " + path, cause);
        this.problem = problem;
        this.path = path;
    }

    private static Reason reason(Problem problem) {
        return switch (problem) {
            case NOT_FOUND -> Reason.NOT_FOUND;
            case NO_SPACE -> Reason.NO_SPACE;
            case INVALID, TOO_DEEP -> Reason.INVALID;
            default -> Reason.WRONG_STATE;
        };
    }

    public Problem problem() {
        return problem;
    }

    public String path() {
        return path;
    }
}
