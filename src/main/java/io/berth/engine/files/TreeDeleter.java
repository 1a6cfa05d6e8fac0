package io.berth.engine.files;

import io.berth.engine.ContainerFileException.Problem;
import io.berth.engine.FilePath;
import io.berth.engine.syscall.ErrnoException;
import io.berth.engine.syscall.Fd;
import io.berth.engine.syscall.Flags;
import io.berth.engine.syscall.Syscalls;
import java.time.Duration;
import java.util.List;

/**
 * Removes a directory of a container with all it holds, by descriptors: no link is followed, no other file system entered. Unlike
 * {@link io.berth.engine.syscall.TreeRemover} it moves no directories, which overlayfs would refuse for those of the image.
 */
final class TreeDeleter {

    static final int DEEPEST = 256;
    private static final int ROUNDS = 10;
    private static final int NAMES_AT_ONCE = 1000;

    /** A container may fill a directory as fast as it is emptied, and for ever: a request ends all the same. */
    static final int MOST_STEPS = 1_000_000;

    private static final Duration MOST_TIME = Duration.ofMinutes(2);
    private static final int OPEN_DIRECTORY = Flags.O_RDONLY | Flags.O_DIRECTORY;

    private final Root root;
    private final Syscalls syscalls;
    private final FilePath path;
    private final int mostSteps;
    private final long begun = System.nanoTime();
    private int steps;

    /** @param path for messages */
    TreeDeleter(Root root, FilePath path) {
        this(root, path, MOST_STEPS);
    }

    TreeDeleter(Root root, FilePath path, int mostSteps) {
        this.mostSteps = mostSteps;
        this.root = root;
        this.syscalls = root.syscalls;
        this.path = path;
    }

    /** Removes an entry of a directory, whatever it is; nothing happens if it is not there. */
    void remove(Fd directory, String name) throws ErrnoException {
        remove(directory, name, 0);
    }

    private void remove(Fd directory, String name, int depth) throws ErrnoException {
        if (depth > DEEPEST) {
            throw FileFailures.of(
                    Problem.TOO_DEEP, path.value(), "it is deeper than " + DEEPEST + " directories; run rm in it");
        }
        for (int round = 0; round < ROUNDS; round++) {
            try {
                if (attempt(directory, name, depth)) {
                    return;
                }
            } catch (ErrnoException e) {
                // what it was when it was looked at it is no more, or it was filled again
                if (!e.is("EISDIR") && !e.is("ENOTDIR") && !e.is("ELOOP") && !e.is("ENOTEMPTY")) {
                    throw e;
                }
            }
        }
        throw FileFailures.of(Problem.CHANGING, path.value(), "the container keeps filling it");
    }

    private boolean attempt(Fd directory, String name, int depth) throws ErrnoException {
        if (++steps > mostSteps || System.nanoTime() - begun > MOST_TIME.toNanos()) {
            throw FileFailures.of(
                    Problem.UNFINISHED, path.value(), steps + " entries were removed, and there are more");
        }
        var stat = root.stat(directory, name);
        if (stat == null) {
            return true;
        }
        try {
            if (!stat.isDirectory()) {
                root.requireUnmounted(directory, name, path);
                syscalls.unlinkat(directory, name, 0);
                return true;
            }
            try (Fd sub = root.openHere(directory, name, OPEN_DIRECTORY, 0)) {
                empty(sub, depth);
            }
            syscalls.unlinkat(directory, name, Flags.AT_REMOVEDIR);
            return true;
        } catch (ErrnoException e) {
            if (e.is("ENOENT")) {
                return false;
            }
            if (e.is("EXDEV")) {
                throw FileFailures.of(Problem.MOUNTED, path.value(), "something is mounted in it");
            }
            throw e;
        }
    }

    private void empty(Fd directory, int depth) throws ErrnoException {
        for (List<String> names = names(directory); !names.isEmpty(); names = names(directory)) {
            for (String entry : names) {
                remove(directory, entry, depth + 1);
            }
        }
    }

    private List<String> names(Fd directory) throws ErrnoException {
        return syscalls.list(directory, NAMES_AT_ONCE);
    }
}
