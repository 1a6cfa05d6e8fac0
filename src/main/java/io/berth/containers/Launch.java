package io.berth.containers;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The process a container runs and the layers it runs on: its specification merged with the image as it was when the
 * container was made.
 *
 * @param stopSignal the number
 * @param layers unpacked layer directories, lowest first
 */
public record Launch(
        List<String> args,
        List<String> env,
        String workingDir,
        @Nullable String user,
        int stopSignal,
        List<String> layers) {

    public Launch {
        args = List.copyOf(args);
        env = List.copyOf(env);
        layers = List.copyOf(layers);
    }
}
