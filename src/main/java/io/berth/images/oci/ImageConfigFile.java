package io.berth.images.oci;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.databind.JsonNode;
import io.berth.images.Digest;
import io.berth.images.ImageConfig;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * An image's configuration as stored.
 *
 * @see <a href="https://github.com/opencontainers/image-spec/blob/main/config.md">config.md</a>
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonPropertyOrder({"created", "architecture", "os", "config", "rootfs"})
public record ImageConfigFile(
        @Nullable String created,
        @Nullable String architecture,
        @Nullable String os,
        @Nullable Execution config,
        Rootfs rootfs) {

    @SuppressWarnings("ConstantValue") // JSON may lack anything
    public ImageConfigFile {
        if (rootfs == null) {
            throw new IllegalArgumentException("the image configuration has no rootfs");
        }
    }

    /**
     * The default execution.
     *
     * @param healthcheck of docker images, as it is: whatever it holds must not make the rest unreadable
     * @param shell likewise
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @JsonPropertyOrder({
        "User",
        "ExposedPorts",
        "Env",
        "Entrypoint",
        "Cmd",
        "WorkingDir",
        "Labels",
        "StopSignal",
        "Healthcheck",
        "Shell"
    })
    public record Execution(
            @JsonProperty("User") @Nullable String user,
            @JsonProperty("ExposedPorts") @Nullable Map<String, Object> exposedPorts,
            @JsonProperty("Env") @Nullable List<String> env,
            @JsonProperty("Entrypoint") @Nullable List<String> entrypoint,
            @JsonProperty("Cmd") @Nullable List<String> cmd,
            @JsonProperty("WorkingDir") @Nullable String workingDir,
            @JsonProperty("Labels") @Nullable Map<String, String> labels,
            @JsonProperty("StopSignal") @Nullable String stopSignal,
            @JsonProperty("Healthcheck") @Nullable JsonNode healthcheck,
            @JsonProperty("Shell") @Nullable JsonNode shell) {

        static final Execution NONE = new Execution(null, null, null, null, null, null, null, null, null, null);
    }

    /** Layers as they unpack, lowest first. */
    @JsonPropertyOrder({"type", "diff_ids"})
    public record Rootfs(
            @JsonProperty("type") String type,
            @JsonProperty("diff_ids") List<Digest> diffIds) {

        @SuppressWarnings("ConstantValue") // JSON may lack anything
        public Rootfs {
            type = type == null ? "layers" : type;
            diffIds = diffIds == null ? List.of() : List.copyOf(diffIds);
        }
    }

    public Platform platform() {
        return new Platform(os, architecture, null);
    }

    /** What a container needs of it. */
    public ImageConfig toConfig() {
        Execution execution = config == null ? Execution.NONE : config;
        return new ImageConfig(
                present(execution.entrypoint),
                present(execution.cmd),
                present(execution.env),
                blankToNull(execution.workingDir),
                blankToNull(execution.user),
                blankToNull(execution.stopSignal),
                execution.labels == null ? Map.of() : withoutNulls(execution.labels),
                execution.exposedPorts == null
                        ? List.of()
                        : execution.exposedPorts.keySet().stream().sorted().toList(),
                HealthcheckJson.read(execution.healthcheck, execution.shell));
    }

    private static List<String> present(@Nullable List<String> values) {
        return values == null
                ? List.of()
                : values.stream().filter(Objects::nonNull).toList();
    }

    private static Map<String, String> withoutNulls(Map<String, String> labels) {
        return labels.entrySet().stream()
                .filter(label -> label.getValue() != null)
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    private static @Nullable String blankToNull(@Nullable String text) {
        return text == null || text.isBlank() ? null : text;
    }
}
