package io.berth.engine.files;

import io.berth.engine.ContainerFileException;
import io.berth.engine.ContainerFileException.Problem;
import io.berth.engine.EngineException;
import io.berth.engine.syscall.ErrnoException;
import java.io.IOException;

/** Says what an errno means for a path of a container. */
final class FileFailures {

    private FileFailures() {}

    static ContainerFileException of(Problem problem, String path, String message) {
        return new ContainerFileException(problem, path, message, null);
    }

    /** @param path of the container */
    static EngineException translate(String path, IOException failure) {
        if (!(failure instanceof ErrnoException errno)) {
            return new EngineException(EngineException.Reason.INTERNAL, "could not work on " + path, failure);
        }
        Problem problem = switch (errno.errno()) {
            case "ENOENT" -> Problem.NOT_FOUND;
            case "EEXIST" -> Problem.EXISTS;
            case "ENOTDIR" -> Problem.NOT_A_DIRECTORY;
            case "EISDIR" -> Problem.IS_A_DIRECTORY;
            case "ENOTEMPTY" -> Problem.NOT_EMPTY;
            case "EROFS" -> Problem.READ_ONLY;
            case "EBUSY" -> Problem.MOUNTED;
            case "EXDEV" -> Problem.NOT_MOVABLE;
            case "ELOOP", "ENAMETOOLONG" -> Problem.TOO_DEEP;
            case "EAGAIN", "ESTALE" -> Problem.CHANGING;
            // only ids of the mount's own user namespace may make files on it
            case "EOVERFLOW" -> Problem.TMPFS;
            case "ENOSPC", "EDQUOT" -> Problem.NO_SPACE;
            case "EINVAL", "EILSEQ", "EPERM", "EACCES", "EMLINK", "EFBIG" -> Problem.INVALID;
            default -> null;
        };
        return problem == null
                ? new EngineException(EngineException.Reason.INTERNAL, "could not work on " + path, failure)
                : new ContainerFileException(problem, path, errno.errno(), errno);
    }
}
