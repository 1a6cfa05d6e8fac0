package io.berth.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The calls of the REST API that the benchmark makes, as tenant {@code default}. */
final class Api {

    private static final Duration DEADLINE = Duration.ofSeconds(60);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final String base;
    private final String token;

    Api(String url, String token) {
        this.base = url + "/api/v1/tenants/default";
        this.token = token;
    }

    String authorization() {
        return "Bearer " + token;
    }

    /** A container from the image {@code busybox} that runs this command. Returns its id. */
    String create(String... command) throws IOException {
        return create(false, command);
    }

    String create(boolean stdin, String... command) throws IOException {
        JsonNode container = send("POST", "/containers", container(stdin, command));
        String state = container.path("state").asText();
        if (!state.equals("running")) {
            throw new IOException("container is not running but " + state + ": " + container);
        }
        return container.path("id").asText();
    }

    /** As {@link #create}, with the answer as it came. */
    Answer createTimed(String... command) throws IOException {
        return exchange("POST", "/containers", container(false, command));
    }

    Answer read(String container) throws IOException {
        return exchange("GET", "/containers/" + container, null);
    }

    void delete(String container) throws IOException {
        send("DELETE", "/containers/" + container + "?force=true", null);
    }

    /** Runs a command to its end. */
    JsonNode run(String container, String... command) throws IOException {
        return send(
                "POST", "/containers/" + container + "/execs", process(command).put("wait", true));
    }

    /** Starts a command and leaves it running. Returns the exec's id. */
    String start(String container, boolean tty, String... command) throws IOException {
        ObjectNode body = process(command).put("tty", tty).put("stdin", true);
        return send("POST", "/containers/" + container + "/execs", body)
                .path("id")
                .asText();
    }

    JsonNode list(int limit) throws IOException {
        return send("GET", "/containers?limit=" + limit, null);
    }

    URI attachMain(String container) {
        return webSocket("/containers/" + container + "/attach");
    }

    URI attachExec(String container, String exec) {
        return webSocket("/containers/" + container + "/execs/" + exec + "/attach");
    }

    private URI webSocket(String path) {
        return URI.create(base.replaceFirst("^http", "ws") + path);
    }

    private static ObjectNode container(boolean stdin, String... command) {
        return process(command).put("image", "busybox").put("stdin", stdin).put("stopTimeout", "0s");
    }

    private static ObjectNode process(String... command) {
        ObjectNode body = JSON.createObjectNode();
        List.of(command).forEach(body.putArray("command")::add);
        return body;
    }

    private JsonNode send(String method, String path, @Nullable JsonNode body) throws IOException {
        return exchange(method, path, body).body();
    }

    /** @param serverTiming the header of this name, empty if there is none */
    record Answer(JsonNode body, boolean created, String serverTiming) {}

    private Answer exchange(String method, String path, @Nullable JsonNode body) throws IOException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(base + path))
                .timeout(DEADLINE)
                .header("Authorization", authorization())
                .header("Content-Type", "application/json")
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body.toString()))
                .build();
        try {
            HttpResponse<byte[]> response = http.send(request, BodyHandlers.ofByteArray());
            JsonNode answer = response.body().length == 0 ? JSON.nullNode() : JSON.readTree(response.body());
            if (response.statusCode() / 100 != 2 || response.statusCode() == 202) {
                throw new IOException(method + " " + path + " answered " + response.statusCode() + ": " + answer);
            }
            return new Answer(
                    answer,
                    response.statusCode() == 201,
                    response.headers().firstValue("Server-Timing").orElse(""));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}
