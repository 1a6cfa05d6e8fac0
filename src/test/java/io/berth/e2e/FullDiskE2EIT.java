package io.berth.e2e;

import static io.berth.e2e.Client.CONTAINERS;
import static io.berth.e2e.Client.path;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import io.restassured.response.Response;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One container takes all of the disk, and goes on taking. */
@EndToEnd
class FullDiskE2EIT {

    private static final String FILL = "while :; do cat /dev/zero >>/fill; sleep 0.3; done";
    private static final Duration LONG = Duration.ofSeconds(60);
    /** Longer than credentials are remembered. */
    private static final int SECONDS_FULL = 40;

    private ServerProcess server;
    private Client client;

    @BeforeEach
    void start() {
        server = ServerProcess.onDiskOf(450).start();
        client = new Client(server);
    }

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void canStillBeLookedAtAndEmptied() throws Exception {
        await().atMost(LONG).until(this::reserve, held -> held > 20 << 20);
        String victim = client.sleeper();
        String other = client.sleeper();
        String fill = client.run(FILL);
        await().atMost(LONG).until(() -> free() < 1 << 20);
        for (int i = 0; i < SECONDS_FULL; i++) {
            client.get("/api/v1/me").then().statusCode(200);
            client.get(CONTAINERS).then().statusCode(200);
            client.json("{'image':'busybox'}")
                    .post(CONTAINERS)
                    .then()
                    .statusCode(507)
                    .body("code", equalTo("no-space"));
            TimeUnit.SECONDS.sleep(1);
        }
        Response health = ready();
        assertThat(health.statusCode()).isEqualTo(503);
        assertThat(health.asString()).contains("the disk of the data directory is full");

        client.post(path(victim, "stop") + "?timeout=1").then().statusCode(200).body("state", equalTo("stopped"));
        client.delete(other);
        client.delete(fill);

        await().atMost(LONG).until(() -> ready().statusCode() == 200);
        client.get(path(fill)).then().statusCode(404);
        client.post(path(victim, "start")).then().statusCode(200);
        assertThat(client.exec(client.sleeper(), "echo well")).isEqualTo("well\n");
        await().atMost(LONG).until(this::reserve, held -> held > 20 << 20);
        assertThat(server.log().length()).as(server.log()).isLessThan(300_000);
        client.deleteAll();
    }

    private Response ready() {
        return given().baseUri("http://127.0.0.1").port(server.port()).get("/q/health/ready");
    }

    private long free() throws IOException {
        return Files.getFileStore(server.dataDir()).getUsableSpace();
    }

    private long reserve() throws IOException {
        Path file = server.dataDir().resolve("reserve");
        return Files.exists(file) ? Files.size(file) : 0;
    }
}
