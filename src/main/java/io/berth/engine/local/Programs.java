package io.berth.engine.local;

import io.berth.engine.EngineException;
import io.berth.engine.EngineException.Reason;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Finds the programs the engine needs where distributions install them. */
public final class Programs {

    private static final List<Path> DIRECTORIES = List.of(
            Path.of("/usr/local/sbin"),
            Path.of("/usr/local/bin"),
            Path.of("/usr/sbin"),
            Path.of("/usr/bin"),
            Path.of("/sbin"),
            Path.of("/bin"),
            Path.of("/usr/libexec/podman"),
            Path.of("/usr/libexec/crio"));

    private Programs() {}

    public static Optional<Path> find(String nameOrPath) {
        if (nameOrPath.contains("/")) {
            return Optional.of(Path.of(nameOrPath)).filter(Files::isExecutable);
        }
        return DIRECTORIES.stream()
                .map(directory -> directory.resolve(nameOrPath))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** @throws EngineException {@code HOST_INCOMPLETE}, naming the program */
    static Path require(String nameOrPath) {
        return find(nameOrPath)
                .orElseThrow(() -> new EngineException(
                        Reason.HOST_INCOMPLETE,
                        "the program '" + nameOrPath + "' is not installed: install the package "
                                + Path.of(nameOrPath).getFileName() + ", or see './berth doctor'"));
    }
}
