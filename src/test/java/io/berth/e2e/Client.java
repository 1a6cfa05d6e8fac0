package io.berth.e2e;

import static io.restassured.RestAssured.given;

import io.restassured.http.ContentType;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import java.util.List;
import org.awaitility.Awaitility;
import org.hamcrest.Matchers;

/** The administrator's client of one server, in the default tenant; all that is answered is held to the contract. */
record Client(ServerProcess server) {

    static final String TENANT = "/api/v1/tenants/default";
    static final String CONTAINERS = TENANT + "/containers";

    static String path(String container, String... rest) {
        return CONTAINERS + "/" + container + (rest.length == 0 ? "" : "/" + String.join("/", rest));
    }

    RequestSpecification request() {
        return given().baseUri("http://127.0.0.1")
                .port(server.port())
                .header("Authorization", "Bearer " + server.token())
                .filter(new ContractFilter());
    }

    /** @param body JSON with single quotes in place of double ones */
    RequestSpecification json(String body) {
        return request().contentType(ContentType.JSON).body(body.replace('\'', '"'));
    }

    Response get(String path) {
        return request().get(path);
    }

    Response post(String path) {
        return request().post(path);
    }

    /** Creates a container of busybox that runs a script. @param more further members of the spec, or none */
    ValidatableResponse create(String script, String... more) {
        return json("{'image':'busybox','command':['sh','-c','" + script + "']"
                        + (more.length == 0 ? "" : "," + String.join(",", more)) + "}")
                .post(CONTAINERS)
                .then()
                .statusCode(201);
    }

    String run(String script, String... more) {
        return create(script, more).extract().path("id");
    }

    String sleeper() {
        return run("exec sleep 1000");
    }

    /** Waits for a condition, and answers the container as it is then. */
    JsonPath await(String container, String condition) {
        JsonPath answer = get(path(container, "wait") + "?timeout=30&condition=" + condition)
                .then()
                .statusCode(200)
                .extract()
                .jsonPath();
        if (!answer.getBoolean("conditionMet")) {
            throw new AssertionError(container + " is not " + condition + ": " + answer.prettify());
        }
        return answer;
    }

    /** Runs a script in a container and answers its output. */
    String exec(String container, String script) {
        return json("{'wait':true,'command':['sh','-c','" + script + "']}")
                .post(path(container, "execs"))
                .then()
                .statusCode(200)
                .extract()
                .path("stdout");
    }

    /** What the log holds now. @param query with its question mark, or nothing */
    String log(String container, String query) {
        return request()
                .accept("text/plain")
                .get(path(container, "logs") + query)
                .asString();
    }

    void awaitLog(String container, String expected) {
        Awaitility.await().until(() -> log(container, ""), Matchers.equalTo(expected));
    }

    /** The log's entries, each a JSON document. */
    List<JsonPath> ndjson(String container, String query) {
        return request()
                .accept("application/x-ndjson")
                .get(path(container, "logs") + query)
                .asString()
                .lines()
                .map(JsonPath::from)
                .toList();
    }

    /** Starts an exec to be attached to, and answers the path of its stream. */
    String startExec(String container, String body) {
        String id = json(body)
                .post(path(container, "execs"))
                .then()
                .statusCode(201)
                .extract()
                .path("id");
        return path(container, "execs", id);
    }

    void deleteAll() {
        List<String> ids = get(CONTAINERS + "?limit=200").path("items.id");
        ids.forEach(this::delete);
    }

    void delete(String container) {
        request().delete(path(container) + "?force=true").then().statusCode(204);
    }
}
