package io.berth.contract;

import io.berth.contract.Endpoint.Outcome;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Calls endpoints with as little as they take: no body if they can do without, else the contract's example. */
final class Probe {

    /** HTTP/1: whose answer it has seen enough of it hangs up on, and HTTP/2 servers count that as a flood of resets. */
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final int SWITCHING = 101;

    private final String address;
    private final Contract contract;

    Probe(String address, Contract contract) {
        this.address = address;
        this.contract = contract;
    }

    /** Say when, how long it took, and how many requests this caller has left. */
    private static final Set<String> DIFFERENT_EACH_TIME = Set.of("date", "server-timing", "ratelimit");

    /**
     * What came back.
     *
     * @param status of HTTP, or the code a WebSocket was closed with
     * @param headers without those that differ each time
     */
    record Answer(int status, Map<String, String> headers, String body) {

        boolean isUnauthenticated() {
            return status == 401 || status == 4401;
        }

        Outcome outcome() {
            boolean notThere = body.contains("\"tenant-not-found\"") || body.contains("\"operation-not-found\"");
            if (status == 404 && notThere || status == 4404 && body.contains("no tenant")) {
                return Outcome.NOT_FOUND;
            }
            return status == 403 || status == 4403 || isUnauthenticated() ? Outcome.FORBIDDEN : Outcome.ALLOWED;
        }

        /** The same with the names it was asked by taken out. */
        Answer without(String tenant, String operation) {
            return new Answer(status, headers, body.replace(tenant, "TENANT").replace(operation, "OPERATION"));
        }
    }

    /** @param token none for no Authorization header */
    Answer call(Endpoint endpoint, String path, @Nullable String token) {
        return endpoint.isStream() ? stream(path, token) : request(endpoint, path, token);
    }

    private Answer request(Endpoint endpoint, String path, @Nullable String token) {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create("http://" + address + path + contract.requiredQuery(endpoint.operation())))
                .timeout(PATIENCE)
                .header("X-Request-Id", "probe");
        String body = endpoint.needsBody() ? contract.exampleBody(endpoint.operation()) : null;
        contract.consumed(endpoint.operation()).stream()
                .findFirst()
                .ifPresent(type -> request.header("Content-Type", type));
        request.method(
                endpoint.method(),
                body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body));
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        try {
            HttpResponse<InputStream> response = HTTP.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
            try (InputStream stream = response.body()) {
                boolean problem = response.statusCode() >= 400;
                String text = problem ? new String(stream.readAllBytes(), StandardCharsets.UTF_8) : "";
                return new Answer(response.statusCode(), headers(response), text);
            }
        } catch (HttpTimeoutException waiting) {
            // it had begun to do what it was asked
            return new Answer(200, Map.of(), "");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static Map<String, String> headers(HttpResponse<?> response) {
        return response.headers().map().entrySet().stream()
                .filter(header -> !DIFFERENT_EACH_TIME.contains(header.getKey()))
                .collect(Collectors.toMap(
                        Map.Entry::getKey, header -> String.join(",", header.getValue()), (a, b) -> a, TreeMap::new));
    }

    private Answer stream(String path, @Nullable String token) {
        CompletableFuture<Answer> closed = new CompletableFuture<>();
        WebSocket.Builder builder = HTTP.newWebSocketBuilder().subprotocols("v5.channel.k8s.io");
        if (token != null) {
            builder.header("Authorization", "Bearer " + token);
        }
        WebSocket socket = builder.buildAsync(URI.create("ws://" + address + path), new WebSocket.Listener() {
                    @Override
                    public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String reason) {
                        closed.complete(new Answer(code, Map.of(), reason));
                        return null;
                    }

                    @Override
                    public void onError(WebSocket from, Throwable failure) {
                        closed.completeExceptionally(failure);
                    }
                })
                .orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                .join();
        try {
            return closed.completeOnTimeout(new Answer(SWITCHING, Map.of(), ""), PATIENCE.toSeconds(), TimeUnit.SECONDS)
                    .join();
        } finally {
            socket.abort();
        }
    }
}
