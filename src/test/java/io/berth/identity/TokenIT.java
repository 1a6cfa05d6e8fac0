package io.berth.identity;

import static io.berth.testing.Api.json;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;

import io.berth.testing.Api;
import io.berth.testing.FakeEngineProfile;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.sql.Connection;
import java.sql.ResultSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.Test;

/** API tokens over HTTP: who may make which, what they may do, and how they end. */
@QuarkusTest
@TestProfile(FakeEngineProfile.class)
class TokenIT {

    private static final String TOKENS = "/api/v1/tenants/default/tokens";

    @Inject
    DataSource database;

    private static RequestSpecification with(String token) {
        return given().header("Authorization", "Bearer " + token);
    }

    private static RequestSpecification with(String token, String body) {
        return with(token).contentType("application/json").body(body.replace('\'', '"'));
    }

    private static JsonPath make(String body) {
        return json(body).post(TOKENS).then().statusCode(201).extract().jsonPath();
    }

    private static String secret(String body) {
        return make(body).getString("token");
    }

    @Test
    void showsTheSecretOnceAndNothingOfItLater() throws Exception {
        Response made = json("{'name':'ci','role':'viewer','ttl':'1h'}").post(TOKENS);
        made.then()
                .statusCode(201)
                .body("token", startsWith("berth_"))
                .body("role", equalTo("viewer"))
                .body("expiresAt", notNullValue())
                .body("createdBy.name", equalTo("admin"));
        String location = made.header("Location");
        Api.admin()
                .get(location)
                .then()
                .statusCode(200)
                .body("token", nullValue())
                .body("lastUsedAt", nullValue());
        with(made.path("token")).get("/api/v1/tenants/default").then().statusCode(200);
        await().untilAsserted(() -> Api.admin().get(location).then().body("lastUsedAt", notNullValue()));
        Api.admin()
                .get(TOKENS)
                .then()
                .body("items.id", hasItem((String) made.path("id")))
                .body("items.token", hasItem(nullValue()));
        assertThat(dump("api_token")).doesNotContain(made.<String>path("token"));
    }

    @Test
    void aRepeatedRequestMakesOneTokenAndShowsItsSecretToNobodyAgain() throws Exception {
        Response first =
                json("{'name':'once'}").header("Idempotency-Key", "make-1").post(TOKENS);
        Response again =
                json("{'name':'once'}").header("Idempotency-Key", "make-1").post(TOKENS);
        again.then()
                .statusCode(201)
                .header("Idempotency-Replayed", "true")
                .body("id", equalTo(first.path("id")))
                .body("token", nullValue());
        assertThat(dump("idempotency_key")).contains("make-1").doesNotContain(first.<String>path("token"));
        String other = secret("{'name':'other','role':'member'}");
        with(other, "{'name':'once'}")
                .header("Idempotency-Key", "make-1")
                .post(TOKENS)
                .then()
                .statusCode(201)
                .header("Idempotency-Replayed", nullValue())
                .body("id", not(equalTo(first.path("id"))));
    }

    @Test
    void aTokenMayDoNoMoreThanItsMaker() {
        String member = secret("{'name':'m','role':'member'}");
        with(member, "{'name':'x','role':'owner'}")
                .post(TOKENS)
                .then()
                .statusCode(403)
                .body("detail", startsWith("a token cannot have the role 'owner'"));
        with(member, "{'name':'x','scopes':['audit:read']}")
                .post(TOKENS)
                .then()
                .statusCode(403)
                .body("detail", startsWith("a token cannot have the scope 'audit:read'"));
        String narrow = secret("{'name':'n','scopes':['tokens:write','tokens:read','containers:read']}");
        with(narrow, "{'name':'x','scopes':['exec']}").post(TOKENS).then().statusCode(403);
        with(narrow, "{'name':'x'}").post(TOKENS).then().statusCode(201).body("scopes", hasItem("containers:read"));
        with(narrow).get("/api/v1/tenants/default/containers").then().statusCode(200);
        with(narrow)
                .get("/api/v1/tenants/default/images")
                .then()
                .statusCode(403)
                .body("code", equalTo("forbidden"));
        String brief = secret("{'name':'brief','ttl':60}");
        with(brief, "{'name':'x','ttl':'1h'}")
                .post(TOKENS)
                .then()
                .statusCode(400)
                .body("errors.pointer", hasItem("/expiresAt"));
        with(brief, "{'name':'x'}").post(TOKENS).then().statusCode(201).body("expiresAt", notNullValue());
    }

    @Test
    void refusesWhatMakesNoSense() {
        for (String body : new String[] {
            "{'name':''}",
            "{}",
            "{'name':'x','scopes':[]}",
            "{'name':'x','scopes':['everything']}",
            "{'name':'x','role':'viewer','scopes':['exec']}",
            "{'name':'x','role':'god'}",
            "{'name':'x','ttl':0}",
            "{'name':'x','ttl':'4000d'}",
            "{'name':'x','ttl':60,'expiresAt':'2030-01-01T00:00:00Z'}",
            "{'name':'x','expiresAt':'2001-01-01T00:00:00Z'}",
            "{'name':'x','expiresAt':'9999-01-01T00:00:00Z'}",
            "{'name':'x','scopes':['platform:admin']}"
        }) {
            assertThat(json(body).post(TOKENS).statusCode()).as(body).isEqualTo(400);
        }
        json("{'name':'x','role':'member'}").post("/api/v1/tokens").then().statusCode(400);
        Api.admin().delete(TOKENS + "/tok_no").then().statusCode(404).body("code", equalTo("token-not-found"));
    }

    @Test
    void aTokenOfATenantSeesItsOwnAndNoOther() {
        JsonPath one = make("{'name':'one','role':'member'}");
        JsonPath two = make("{'name':'two','role':'member'}");
        JsonPath owner = make("{'name':'owner','role':'owner'}");
        String secret = one.getString("token");
        String child = with(secret, "{'name':'child'}")
                .post(TOKENS)
                .then()
                .statusCode(201)
                .extract()
                .path("id");
        with(secret).get(TOKENS).then().body("items.id", equalTo(java.util.List.of(child)));
        with(secret).get(TOKENS + "/" + two.get("id")).then().statusCode(404);
        with(secret).delete(TOKENS + "/" + two.get("id")).then().statusCode(404);
        with(owner.getString("token"))
                .delete(TOKENS + "/" + two.get("id"))
                .then()
                .statusCode(204);
        with(secret).get("/api/v1/tokens").then().statusCode(403);
        with(secret).get("/api/v1/tenants/other/tokens").then().statusCode(404);
        with(secret(("{'name':'viewer','role':'viewer'}"))).get(TOKENS).then().statusCode(403);
    }

    @Test
    void aTokenOfThePlatformMayBeNarrowedToReading() {
        String reader = json("{'name':'reader','scopes':['containers:read']}")
                .post("/api/v1/tokens")
                .then()
                .statusCode(201)
                .extract()
                .path("token");
        with(reader).get("/api/v1/tenants/default/containers").then().statusCode(200);
        with(reader).get("/api/v1/tokens").then().statusCode(403);
        with(reader, "{'image':'busybox'}").post(Api.CONTAINERS).then().statusCode(403);
    }

    @Test
    void revocationHoldsAtOnceAndCutsOffWhatIsBeingRead() throws Exception {
        JsonPath made = make("{'name':'short','role':'member'}");
        String token = made.getString("token");
        with(token).get("/api/v1/me").then().statusCode(200);
        String container = Api.sleeper();
        CompletableFuture<Void> ended = CompletableFuture.runAsync(() -> follow(token, container));
        Thread.sleep(300);
        assertThat(ended).isNotDone();
        Api.admin().delete(TOKENS + "/" + made.get("id")).then().statusCode(204);
        with(token).get("/api/v1/me").then().statusCode(401);
        ended.get(5, TimeUnit.SECONDS);
        Api.admin().delete(TOKENS + "/" + made.get("id")).then().statusCode(404);
    }

    private static void follow(String token, String container) {
        int port = ConfigProvider.getConfig().getValue("quarkus.http.test-port", Integer.class);
        try {
            HttpURLConnection connection = (HttpURLConnection)
                    URI.create("http://127.0.0.1:" + port + Api.CONTAINERS + "/" + container + "/logs?follow=true")
                            .toURL()
                            .openConnection();
            connection.setRequestProperty("Authorization", "Bearer " + token);
            try (InputStream logs = connection.getInputStream()) {
                logs.readAllBytes();
            }
        } catch (IOException cutOff) {
            // as it should be
        }
    }

    @Test
    void aReadCostsNoQueryWhileTheTokenIsRemembered() throws Exception {
        String token = secret("{'name':'fast','role':'viewer'}");
        with(token).get("/api/v1/tenants/default").then().statusCode(200);
        long before = transactions();
        for (int i = 0; i < 300; i++) {
            with(token).get("/api/v1/tenants/default").then().statusCode(200);
        }
        // a query for each would be 300; the server's own clockwork asks for something each second, however long this
        // takes
        assertThat(transactions() - before).isLessThan(150);
    }

    /** Of all connections; PostgreSQL counts those of each that has been idle for a second. */
    private long transactions() throws Exception {
        TimeUnit.MILLISECONDS.sleep(1500);
        try (Connection connection = database.getConnection();
                ResultSet row =
                        connection.createStatement().executeQuery("select sum(xact_commit) from pg_stat_database")) {
            row.next();
            return row.getLong(1);
        }
    }

    private String dump(String table) throws Exception {
        StringBuilder text = new StringBuilder();
        try (Connection connection = database.getConnection();
                ResultSet rows = connection
                        .createStatement()
                        .executeQuery("select t::text || coalesce(encode(t.body, 'escape'), '') from "
                                + ("idempotency_key".equals(table)
                                        ? table
                                        : "(select *, null::bytea as body from " + table + ")")
                                + " t")) {
            while (rows.next()) {
                text.append(rows.getString(1)).append('\n');
            }
        }
        return text.toString();
    }
}
