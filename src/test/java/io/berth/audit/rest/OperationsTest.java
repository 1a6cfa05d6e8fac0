package io.berth.audit.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class OperationsTest {

    private static final String TENANT = "/api/v1/tenants/acme/";

    private final Operations operations = new Operations();

    @Test
    void readsTheContractAsAParserDoes() throws Exception {
        JsonNode document = new ObjectMapper(new YAMLFactory())
                .readTree(Path.of("openapi.yaml").toFile());
        Set<String> parsed = new TreeSet<>();
        document.get("paths")
                .properties()
                .forEach(path -> path.getValue().properties().forEach(method -> {
                    if (method.getValue().has("operationId")) {
                        parsed.add(method.getKey().toUpperCase(Locale.ROOT) + " " + path.getKey() + " "
                                + method.getValue().get("operationId").asText());
                    }
                }));
        Set<String> read = new TreeSet<>();
        operations.all().forEach(o -> read.add(o.method() + " /" + String.join("/", o.segments()) + " " + o.id()));
        assertThat(read).isEqualTo(parsed).hasSizeGreaterThan(30);
    }

    @Test
    void tellsWhatARequestIsDoneTo() {
        check("POST", TENANT + "containers", "createContainer", "container", null);
        check("DELETE", TENANT + "containers/web", "deleteContainer", "container", "web");
        check("POST", TENANT + "containers/web/stop", "stopContainer", "container", "web");
        check("POST", TENANT + "containers/web/execs", "createExec", "exec", null);
        check("DELETE", TENANT + "containers/web/execs/exe_1", "deleteExec", "exec", "exe_1");
        check("DELETE", TENANT + "images/host:5000/a%2Fb/c:1", "deleteImage", "image", "host:5000/a/b/c:1");
        check("POST", TENANT + "images", "pullImage", "image", null);
        check("DELETE", "/api/v1/operations/op_1", "cancelOperation", "operation", "op_1");
    }

    @Test
    void knowsNoOperationForOtherPaths() {
        for (String path : new String[] {"/", "", "/api/v1/nothing", TENANT + "containers/", TENANT, "//", "x"}) {
            assertThat(operations.match("POST", path)).as(path).isEmpty();
        }
        assertThat(operations.match("BREW", TENANT + "containers")).isEmpty();
        assertThat(operations.match("DELETE", TENANT + "containers/%zz")).isPresent();
    }

    private void check(
            String method, String path, String id, String type, @org.jspecify.annotations.Nullable String object) {
        Operations.Match match = operations.match(method, path).orElseThrow();
        assertThat(match.operation().id()).isEqualTo(id);
        assertThat(match.operation().objectType()).isEqualTo(type);
        assertThat(match.operation().makes()).isEqualTo(object == null);
        if (object != null) {
            assertThat(match.parameters().values().toArray()[match.parameters().size() - 1])
                    .isEqualTo(object);
        }
    }
}
