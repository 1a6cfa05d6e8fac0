package io.berth.e2e;

import static io.berth.e2e.Client.path;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.restassured.path.json.JsonPath;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a container uses, second by second. */
@EndToEnd
class StatsE2EIT {

    private final HttpClient http = HttpClient.newHttpClient();
    private final ServerProcess server;
    private final Client client;

    StatsE2EIT(ServerProcess server) {
        this.server = server;
        this.client = new Client(server);
    }

    @AfterEach
    void deleteAll() {
        client.deleteAll();
    }

    @ParameterizedTest
    @CsvSource({"application/x-ndjson, {", "text/event-stream, data:"})
    void streamsSamplesUntilTheContainerEnds(String accept, String prefix) {
        String container = client.sleeper();
        List<Instant> samples = new CopyOnWriteArrayList<>();
        CompletableFuture<Void> end =
                CompletableFuture.runAsync(() -> read(path(container, "stats"), accept, prefix, samples));
        await().atMost(Duration.ofSeconds(20)).until(() -> samples.size() >= 3 || end.isDone());
        assertThat(end).isNotDone();
        client.json("{}").post(path(container, "kill")).then().statusCode(200);
        end.orTimeout(20, TimeUnit.SECONDS).join();
        assertThat(samples).isSorted().doesNotHaveDuplicates();
        assertThat(Duration.between(samples.get(0), samples.get(2))).isGreaterThan(Duration.ofMillis(1500));
    }

    private void read(String path, String accept, String prefix, List<Instant> samples) {
        HttpRequest request = HttpRequest.newBuilder(server.uri("http", path))
                .header("Authorization", "Bearer " + server.token())
                .header("Accept", accept)
                .build();
        try {
            HttpResponse<Stream<String>> answer = http.send(request, HttpResponse.BodyHandlers.ofLines());
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.headers().firstValue("Content-Type").orElse("")).startsWith(accept);
            answer.body().filter(line -> line.startsWith(prefix)).forEach(line -> {
                JsonPath sample = JsonPath.from(line.substring(line.indexOf('{')));
                assertThat(sample.getLong("memoryBytes")).isPositive();
                samples.add(Instant.parse(sample.getString("at")));
            });
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
