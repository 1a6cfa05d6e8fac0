package io.berth.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.InputFormat;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Checks real responses against {@code openapi.yaml}, whose schemas are JSON Schema 2020-12:
 * {@code validator.check("GET", "/api/v1/me", 200, "application/json", body)}.
 */
public final class ContractValidator {

    private static final String ID = "https://berth.invalid/openapi.json";

    private final Contract contract = Contract.read();
    private final JsonSchemaFactory factory;
    private final Map<String, JsonSchema> schemas = new ConcurrentHashMap<>();

    public ContractValidator() {
        JsonNode document = contract.document();
        String json = asJson(document);
        factory = JsonSchemaFactory.getInstance(
                SpecVersion.VersionFlag.V202012,
                builder -> builder.schemaLoaders(loaders -> loaders.schemas(Map.of(ID, json))));
    }

    /**
     * Fails unless the contract has such a response and the body keeps to its schema.
     *
     * @param path of the request, without its query
     * @param mediaType without parameters; empty if there is no body
     */
    public void check(String method, String path, int status, String mediaType, String body) {
        Optional<String> pointer = contract.responseSchema(method, path, status, mediaType);
        if (pointer.isEmpty() || !mediaType.endsWith("json")) {
            return;
        }
        for (String document : mediaType.endsWith("ndjson") ? body.split("\n", -1) : new String[] {body}) {
            if (document.isBlank()) {
                continue;
            }
            Set<ValidationMessage> messages =
                    schemas.computeIfAbsent(pointer.get(), this::schema).validate(document, InputFormat.JSON);
            assertThat(messages)
                    .as("%s %s: %d %s", method, path, status, document)
                    .isEmpty();
        }
    }

    private JsonSchema schema(String pointer) {
        return factory.getSchema(SchemaLocation.of(ID + "#" + pointer));
    }

    private static String asJson(JsonNode document) {
        return new ObjectMapper().valueToTree(document).toString();
    }
}
