package io.berth.images;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What an image says of the process to run (OCI image-spec, config.md). */
public record ImageConfig(
        List<String> entrypoint,
        List<String> command,
        List<String> env,
        @Nullable String workingDir,
        @Nullable String user,
        @Nullable String stopSignal,
        Map<String, String> labels,
        List<String> exposedPorts,
        @Nullable ImageHealthcheck healthcheck) {

    public ImageConfig {
        entrypoint = List.copyOf(entrypoint);
        command = List.copyOf(command);
        env = List.copyOf(env);
        labels = Map.copyOf(labels);
        exposedPorts = List.copyOf(exposedPorts);
    }
}
