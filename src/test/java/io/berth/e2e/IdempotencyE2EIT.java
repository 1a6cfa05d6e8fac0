package io.berth.e2e;

import static io.berth.e2e.Client.CONTAINERS;
import static io.berth.e2e.Client.path;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.notNullValue;

import io.berth.database.EmbeddedPostgres;
import io.restassured.response.Response;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * The server is killed while it answers a create with a key. Where it then stands is chosen by a trigger in its database, on
 * which it waits.
 */
@EndToEnd
class IdempotencyE2EIT extends OwnServer {

    private static final Duration SOON = Duration.ofSeconds(30);
    private static final String BODY = "{'name':'once','image':'busybox','command':['sleep','1000'],'autoRemove':true}";

    @AfterEach
    void goOn() throws Exception {
        sql("drop function if exists wait_for_the_kill cascade");
    }

    @Test
    void answersTheRepeatWithWhatWasMadeBeforeTheAnswerWasKept() throws Exception {
        waitAt("update on idempotency_key", "new.status is not null");
        CompletableFuture<Response> first = create("made");
        await().until(() -> client.get(path("once")).path("state"), "running"::equals);
        String id = client.get(path("once")).path("id");
        server.kill9();
        assertThat(first).failsWithin(SOON);

        goOnAfterRestart();
        post("made")
                .then()
                .statusCode(201)
                .header("Idempotency-Replayed", "true")
                .header("Location", endsWith(path(id)))
                .header("ETag", notNullValue())
                .body("id", equalTo(id));
        assertThat(client.exec(id, "echo alive")).isEqualTo("alive\n");
        client.json("{}").post(path(id, "kill")).then().statusCode(200);
        await().until(() -> client.get(path(id)).statusCode(), status -> status == 404);
        post("made")
                .then()
                .statusCode(201)
                .header("Idempotency-Replayed", "true")
                .body("id", equalTo(id));
        client.get(CONTAINERS).then().body("items", hasSize(0));
    }

    @Test
    void makesTheContainerAnewThatWasHalfMade() throws Exception {
        waitAt("update on container", "new.state = 'RUNNING'");
        CompletableFuture<Response> first = create("half-made");
        await().until(() -> server.traces().containers(), made -> made.size() == 1);
        String half = server.traces().containers().iterator().next();
        server.kill9();
        assertThat(first).failsWithin(SOON);

        goOnAfterRestart();
        String id = post("half-made")
                .then()
                .statusCode(201)
                .header("Idempotency-Replayed", (String) null)
                .extract()
                .path("id");
        assertThat(id).isNotEqualTo(half);
        await().untilAsserted(() -> assertThat(server.traces().containers()).containsExactly(id));
    }

    private static void goOnAfterRestart() throws Exception {
        // else the database would go on with what it was told last
        sql("select pg_terminate_backend(pid) from pg_stat_activity where wait_event = 'PgSleep'");
        sql("drop function if exists wait_for_the_kill cascade");
        server.start();
    }

    private static CompletableFuture<Response> create(String key) {
        return CompletableFuture.supplyAsync(() -> post(key));
    }

    private static Response post(String key) {
        return client.json(BODY).header("Idempotency-Key", key).post(CONTAINERS);
    }

    private static void waitAt(String change, String when) throws Exception {
        sql("create function wait_for_the_kill() returns trigger language plpgsql as"
                + " 'begin perform pg_sleep(60); return new; end'");
        sql("create trigger wait_for_the_kill before " + change + " for each row when (" + when
                + ") execute function wait_for_the_kill()");
    }

    private static void sql(String statement) throws IOException, SQLException {
        EmbeddedPostgres.Access access = EmbeddedPostgres.findRunning(
                        server.dataDir().resolve("postgres"))
                .orElseThrow();
        try (Connection connection =
                        DriverManager.getConnection(access.jdbcUrl(), access.username(), access.password());
                Statement sql = connection.createStatement()) {
            sql.execute(statement);
        }
    }
}
