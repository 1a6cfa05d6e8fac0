package io.berth.contract;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** {@code openapi.yaml}, parsed. */
final class Contract {

    private static final Set<String> METHODS = Set.of("get", "put", "post", "delete", "patch");

    private final JsonNode document;

    private Contract(JsonNode document) {
        this.document = document;
    }

    static Contract read() {
        try {
            return new Contract(new ObjectMapper(new YAMLFactory())
                    .readTree(Path.of("openapi.yaml").toFile()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    JsonNode document() {
        return document;
    }

    /** Everything it promises, as {@code GET /path}. */
    Set<String> operations() {
        Set<String> operations = new TreeSet<>();
        document.get("paths")
                .properties()
                .forEach(path -> path.getValue().fieldNames().forEachRemaining(method -> {
                    if (METHODS.contains(method)) {
                        operations.add(method.toUpperCase(Locale.ROOT) + " " + path.getKey());
                    }
                }));
        return operations;
    }

    /** Media types of the successful answers of an operation. */
    Set<String> produced(String operation) {
        Set<String> types = new TreeSet<>();
        operation(operation).get("responses").properties().forEach(response -> {
            if (response.getKey().startsWith("2")) {
                resolve(response.getValue()).path("content").fieldNames().forEachRemaining(types::add);
            }
        });
        return types;
    }

    /** Media types of the bodies an operation takes. */
    Set<String> consumed(String operation) {
        Set<String> types = new TreeSet<>();
        resolve(operation(operation).path("requestBody"))
                .path("content")
                .fieldNames()
                .forEachRemaining(types::add);
        return types;
    }

    /** An example of the JSON that an operation takes, {@code null} if it has none. */
    @Nullable
    String exampleBody(String operation) {
        for (JsonNode content :
                resolve(operation(operation).path("requestBody")).path("content")) {
            JsonNode example = content.path("example");
            if (example.isMissingNode() && content.path("examples").size() > 0) {
                example = content.path("examples").elements().next().path("value");
            }
            if (example.isObject()) {
                // nothing that is made of it may ever call somebody
                return example.toString().replaceAll("https?://[^/\"]+", "http://127.0.0.1:9");
            }
        }
        return null;
    }

    /** Examples of the successful JSON answers of an operation, by status; an empty list where there is none. */
    Map<Integer, List<JsonNode>> exampleAnswers(String operation) {
        Map<Integer, List<JsonNode>> examples = new TreeMap<>();
        operation(operation).get("responses").properties().forEach(response -> {
            JsonNode content = resolve(response.getValue()).path("content").path("application/json");
            if (response.getKey().startsWith("2") && !content.isMissingNode()) {
                List<JsonNode> found = new ArrayList<>();
                content.path("examples").forEach(example -> found.add(example.path("value")));
                for (JsonNode place : List.of(content, resolve(content.path("schema")))) {
                    if (place.has("example")) {
                        found.add(place.get("example"));
                    }
                }
                examples.put(Integer.valueOf(response.getKey()), found);
            }
        });
        return examples;
    }

    /** Names of the query parameters of an operation. */
    Set<String> queryParameters(String operation) {
        Set<String> names = new TreeSet<>();
        for (JsonNode list : List.of(
                operation(operation).path("parameters"),
                document.get("paths").get(operation.split(" ", 2)[1]).path("parameters"))) {
            for (JsonNode parameter : list) {
                JsonNode resolved = resolve(parameter);
                if (resolved.path("in").asText().equals("query")) {
                    names.add(resolved.path("name").asText());
                }
            }
        }
        return names;
    }

    /** The query parameters without which an operation does not work, with their examples; begins with a question mark. */
    String requiredQuery(String operation) {
        StringBuilder query = new StringBuilder();
        for (JsonNode parameter : operation(operation).path("parameters")) {
            JsonNode resolved = resolve(parameter);
            if (resolved.path("in").asText().equals("query")
                    && resolved.path("required").asBoolean()) {
                query.append(query.length() == 0 ? '?' : '&')
                        .append(resolved.path("name").asText())
                        .append('=')
                        .append(resolved.path("example").asText("no-such"));
            }
        }
        return query.toString();
    }

    /** JSON pointer to the schema of a response, if the contract has one for that status and media type. */
    Optional<String> responseSchema(String method, String path, int status, String mediaType) {
        String template =
                templateOf(path).orElseThrow(() -> new AssertionError("openapi.yaml has no path for " + path));
        JsonNode operation = document.get("paths").get(template).path(method.toLowerCase(Locale.ROOT));
        if (operation.isMissingNode()) {
            throw new AssertionError("openapi.yaml has no " + method + " " + template);
        }
        JsonNode responses = operation.get("responses");
        String key = responses.has(Integer.toString(status)) ? Integer.toString(status) : "default";
        String pointer = "/paths/" + escape(template) + "/" + method.toLowerCase(Locale.ROOT) + "/responses/" + key;
        JsonNode response = responses.get(key);
        if (response.has("$ref")) {
            pointer = response.get("$ref").asText().substring(1);
            response = resolve(response);
        }
        if (!response.path("content").has(mediaType)) {
            if (mediaType.isEmpty() && !response.has("content")) {
                return Optional.empty();
            }
            throw new AssertionError(
                    "openapi.yaml has no " + mediaType + " for " + status + " of " + method + " " + template);
        }
        return Optional.of(pointer + "/content/" + escape(mediaType) + "/schema");
    }

    private Optional<String> templateOf(String path) {
        Set<String> matching = new TreeSet<>();
        document.get("paths").fieldNames().forEachRemaining(template -> {
            String pattern = Pattern.compile("\\{[^}]+}")
                    .splitAsStream(template)
                    .map(Pattern::quote)
                    .reduce((left, right) -> left + "[^/]+" + right)
                    .orElse("");
            if (path.matches(template.endsWith("}") ? pattern + ".+" : pattern)) {
                matching.add(template);
            }
        });
        // the longest wins, then the one with fewer parameters
        return matching.stream().min((a, b) -> weight(a) - weight(b));
    }

    private static int weight(String template) {
        int parameters = (int) template.chars().filter(c -> c == '{').count();
        int segments = (int) template.chars().filter(c -> c == '/').count();
        return parameters - segments * 10;
    }

    JsonNode operation(String operation) {
        String[] parts = operation.split(" ", 2);
        return document.get("paths").get(parts[1]).get(parts[0].toLowerCase(Locale.ROOT));
    }

    private JsonNode resolve(JsonNode node) {
        return node.has("$ref") ? document.at(node.get("$ref").asText().substring(1)) : node;
    }

    private static String escape(String name) {
        return name.replace("~", "~0").replace("/", "~1");
    }
}
