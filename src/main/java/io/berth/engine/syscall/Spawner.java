package io.berth.engine.syscall;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Starts programs. */
@FunctionalInterface
public interface Spawner {

    /**
     * Starts a program. See posix_spawn(3). The child has default signal dispositions, an empty signal mask, a session
     * of its own (so that a ctrl-c meant for the server does not reach it) and exactly the descriptors of
     * {@code descriptors}, in whatever order the numbers overlap. Blocks until the program is executed, under a
     * millisecond.
     *
     * @param command the program, an absolute path or a name that is searched in the system's directories, and its
     *     arguments
     * @param directory the child's working directory
     * @param descriptors number in the child to descriptor here; numbers 0-2 not named are {@code /dev/null}
     * @return the process id; the caller reaps it by {@link Syscalls#waitpid}
     */
    int spawn(List<String> command, Map<String, String> environment, Path directory, Map<Integer, Fd> descriptors)
            throws ErrnoException;

    /** The same in the calling thread's working directory. */
    default int spawn(List<String> command, Map<String, String> environment, Map<Integer, Fd> descriptors)
            throws ErrnoException {
        return spawn(command, environment, Path.of("."), descriptors);
    }
}
