package io.berth.engine.runtime;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The file a runtime writes its complaints to, apart from what the process it runs writes.
 *
 * @param file written as JSON lines
 */
public record RuntimeLog(Path file) {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Arguments before the runtime's subcommand. */
    public List<String> arguments() {
        return List.of("--log", file.toString(), "--log-format", "json");
    }

    /** The first error in it, if there is one. */
    public Optional<String> complaint() {
        try {
            if (!Files.exists(file)) {
                return Optional.empty();
            }
            for (String line : Files.readAllLines(file)) {
                JsonNode entry = JSON.readTree(line);
                String message = entry.path("msg").asText("").strip();
                if (entry.path("level").asText("error").equals("error") && !message.isEmpty()) {
                    return Optional.of(message);
                }
            }
        } catch (IOException unreadable) {
            return Optional.empty();
        }
        return Optional.empty();
    }
}
