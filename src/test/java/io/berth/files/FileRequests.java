package io.berth.files;

import static io.berth.testing.Api.CONTAINERS;
import static io.berth.testing.Api.admin;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.startsWith;

import io.berth.contract.ContractValidator;
import io.berth.testing.Api;
import io.berth.testing.FakeEngineProfile;
import io.restassured.filter.Filter;
import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Requests for the files of a container of each test's own; each answer is held to the contract. */
abstract class FileRequests {

    private static final ContractValidator VALIDATOR = new ContractValidator();
    static final int MOST = 200_000;

    /** The server with small bounds. */
    public static final class Bounded extends FakeEngineProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            Map<String, String> config = new HashMap<>(super.getConfigOverrides());
            config.put("berth.files.max-upload", Integer.toString(MOST));
            config.put("berth.files.max-unpacked", "1M");
            config.put("berth.files.max-entries", "20");
            return config;
        }
    }

    String container = "";
    String id = "";

    @BeforeEach
    void makeContainer() {
        id = Api.sleeper();
        container = CONTAINERS + "/" + id;
    }

    @AfterEach
    void deleteContainer() {
        admin().delete(container + "?force=true");
    }

    static RequestSpecification checked() {
        return checked(admin());
    }

    static RequestSpecification checked(RequestSpecification request) {
        Filter filter = (asked, expected, context) -> {
            Response response = context.next(asked, expected);
            String type =
                    response.contentType() == null ? "" : response.contentType().split(";", -1)[0];
            VALIDATOR.check(
                    asked.getMethod(),
                    URI.create(asked.getURI()).getPath(),
                    response.statusCode(),
                    type,
                    type.endsWith("json") ? response.asString() : "");
            return response;
        };
        return request.filter(filter);
    }

    static RequestSpecification json(String body) {
        return checked(Api.json(body));
    }

    Response put(String path, String content) {
        return checked()
                .urlEncodingEnabled(false)
                .contentType("application/octet-stream")
                .body(content.getBytes(StandardCharsets.UTF_8))
                .put(container + "/files/content?path=" + path);
    }

    Response get(String path) {
        return checked().urlEncodingEnabled(false).get(container + "/files/content?path=" + path);
    }

    static void problem(ValidatableResponse response, int status, String code) {
        response.statusCode(status)
                .contentType(startsWith("application/problem+json"))
                .body("code", equalTo(code));
    }
}
