package io.berth.engine.snapshot;

import io.berth.engine.syscall.Fd;
import io.berth.engine.syscall.Flags;
import io.berth.engine.syscall.Syscalls;
import io.berth.engine.syscall.TreeRemover;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What a container wrote, and the names of the layers below it, in the container's directory. The list of layers is
 * written last: without it there is no writable layer, only what a crash left of one.
 */
record WritableLayer(Path directory, Syscalls syscalls) {

    private static final int ROOT_MODE = 0755;
    private static final int WORK_MODE = 0700;
    private static final String LAYERS = "layers";

    Path upper() {
        return directory.resolve("upper");
    }

    Path work() {
        return directory.resolve("work");
    }

    boolean exists() {
        return Files.exists(directory.resolve(LAYERS));
    }

    /** Makes an empty one, of which root in the container is the owner. */
    void create(int firstId, List<Path> layers) throws IOException {
        new TreeRemover(syscalls).remove(upper());
        new TreeRemover(syscalls).remove(work());
        Files.createDirectories(directory);
        make(upper(), firstId, ROOT_MODE);
        make(work(), 0, WORK_MODE);
        Path draft = directory.resolve(LAYERS + ".new");
        Files.writeString(draft, layers.stream().map(layer -> layer + "\n").collect(Collectors.joining()));
        Files.move(draft, directory.resolve(LAYERS), StandardCopyOption.ATOMIC_MOVE);
    }

    private void make(Path path, int owner, int mode) throws IOException {
        Files.createDirectory(path);
        try (Fd made = syscalls.open(path, Flags.O_RDONLY | Flags.O_DIRECTORY | Flags.O_NOFOLLOW, 0)) {
            syscalls.fchown(made, owner, owner);
            syscalls.fchmod(made, mode);
        }
    }

    /** The layers below, lowest first. */
    List<Path> layers() throws IOException {
        return Files.readAllLines(directory.resolve(LAYERS)).stream()
                .map(Path::of)
                .toList();
    }

    /** Removes it, and the container's directory if nobody else keeps anything there. Repeatable. */
    void remove() throws IOException {
        Files.deleteIfExists(directory.resolve(LAYERS));
        Files.deleteIfExists(directory.resolve(LAYERS + ".new"));
        new TreeRemover(syscalls).remove(upper());
        new TreeRemover(syscalls).remove(work());
        try {
            Files.deleteIfExists(directory);
        } catch (DirectoryNotEmptyException shared) {
            // the engine keeps more of the container here
        }
    }
}
