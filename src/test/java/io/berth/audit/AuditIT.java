package io.berth.audit;

import static io.berth.testing.Api.CONTAINERS;
import static io.berth.testing.Api.admin;
import static io.berth.testing.Api.json;
import static io.berth.testing.Api.sleeper;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;

import io.berth.audit.store.ChainVerifier;
import io.berth.testing.FakeEngineProfile;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.path.json.JsonPath;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(FakeEngineProfile.class)
class AuditIT {

    private static final String AUDIT = "/api/v1/tenants/default/audit";
    private static final String SECRET = "s3cr3t-value";

    @Inject
    DataSource database;

    @Test
    void recordsAChangeWithItsSubjectSourceObjectAndOutcome() {
        String id = json("{'image':'busybox','name':'audited','command':['sleep','9'],'env':{'KEY':'" + SECRET + "'}}")
                .header("User-Agent", "test/1")
                .header("X-Request-Id", "trace-audit")
                .header("X-Forwarded-For", "6.6.6.6")
                .post(CONTAINERS + "?start=true")
                .then()
                .statusCode(201)
                .header(
                        "Server-Timing",
                        matchesPattern(
                                "audit;dur=[0-9.]+, authentication;dur=[0-9.]+, authorization;dur=[0-9.]+, limits;dur=[0-9.]+"))
                .extract()
                .path("id");
        JsonPath entry = newest("object=" + id);
        assertThat(entry.getString("action")).isEqualTo("createContainer");
        assertThat(entry.getMap("object")).isEqualTo(Map.of("type", "container", "id", id, "name", "audited"));
        assertThat(entry.getString("subject.name")).isEqualTo("admin");
        assertThat(entry.getString("subject.id")).startsWith("tok_").isEqualTo(entry.getString("credential"));
        assertThat(entry.getString("source")).isEqualTo("127.0.0.1");
        assertThat(entry.getString("userAgent")).isEqualTo("test/1");
        assertThat(entry.getString("tenant")).isEqualTo("default");
        assertThat(entry.getString("outcome")).isEqualTo("success");
        assertThat(entry.getInt("status")).isEqualTo(201);
        assertThat(entry.getString("requestId")).isEqualTo("trace-audit");
        admin().post(CONTAINERS + "/audited/stop?timeout=0").then().statusCode(200);
        assertThat(newest("object=audited").getString("action")).isEqualTo("stopContainer");
        admin().delete(CONTAINERS + "/audited").then().statusCode(204);
        assertThat(newest("object=audited").getString("action")).isEqualTo("deleteContainer");
    }

    @Test
    void recordsRefusals() {
        admin().delete(CONTAINERS + "/not-there").then().statusCode(404);
        JsonPath missing = newest("object=not-there");
        assertThat(missing.getString("outcome")).isEqualTo("refused");
        assertThat(missing.getString("code")).isEqualTo("container-not-found");
        json("{'image':'busybox','nonsense':'" + SECRET + "'}")
                .post(CONTAINERS)
                .then()
                .statusCode(400);
        assertThat(newest("action=createContainer").getString("code")).isEqualTo("unknown-field");
        String running = sleeper();
        admin().delete(CONTAINERS + "/" + running).then().statusCode(409);
        assertThat(newest("object=" + running).getInt("status")).isEqualTo(409);
        admin().delete(CONTAINERS + "/" + running + "?force=true").then().statusCode(204);
        admin().contentType("text/plain").body("x").post(CONTAINERS).then().statusCode(415);
        assertThat(newest("action=createContainer").getInt("status")).isEqualTo(415);
        admin().post("/api/v1/no/" + SECRET).then().statusCode(404);
        assertThat(platform("action=http.post").getString("object")).isNull();
        // other tests may have used up what strangers can have written in this minute
        await().atMost(Duration.ofSeconds(90))
                .pollInterval(Duration.ofMillis(500))
                .untilAsserted(() -> {
                    given().header("Authorization", "Bearer berth_" + "x".repeat(43))
                            .delete(CONTAINERS + "/somebody-elses")
                            .then()
                            .statusCode(401);
                    admin().get("/api/v1/audit?limit=1&object=somebody-elses")
                            .then()
                            .body("items", hasSize(1));
                });
        JsonPath stranger = platform("object=somebody-elses");
        assertThat(stranger.getString("subject")).isNull();
        assertThat(stranger.getString("tenant")).isNull();
        assertThat(stranger.getString("details.tenant")).isEqualTo("default");
        assertThat(stranger.getString("code")).isEqualTo("unauthenticated");
        admin().get(AUDIT + "?object=somebody-elses").then().body("items", hasSize(0));
    }

    @Test
    void boundsWhatStrangersCanWrite() throws Exception {
        long before = count();
        for (int i = 0; i < 100; i++) {
            given().post(CONTAINERS).then().statusCode(401);
        }
        admin().get("/api/v1/audit?limit=1").then().statusCode(200);
        // of this minute, or of this one and the next
        assertThat(count() - before).isBetween(0L, 70L);
    }

    @Test
    void recordsNoReading() throws Exception {
        admin().get(CONTAINERS).then().statusCode(200);
        admin().get(AUDIT).then().body("items.action", not(hasItem("listContainers")));
    }

    @Test
    void pagesFiltersAndExports() {
        Instant from = Instant.now();
        for (int i = 0; i < 5; i++) {
            admin().delete(CONTAINERS + "/paged-" + i).then().statusCode(404);
        }
        Instant to = Instant.now().plusMillis(1);
        String range = AUDIT + "?action=deleteContainer&outcome=refused&actor=admin&from=" + from + "&to=" + to;
        var first = admin().get(range + "&limit=3").then().statusCode(200).body("items", hasSize(3));
        first.body("items[0].object.name", equalTo("paged-4")).header("Link", startsWith("<" + AUDIT));
        String next = first.extract().path("next");
        admin().get(range + "&limit=3&cursor=" + next)
                .then()
                .body("items.object.name", equalTo(List.of("paged-1", "paged-0")))
                .body("next", nullValue());
        String lines = admin().accept("application/x-ndjson")
                .get(range)
                .then()
                .statusCode(200)
                .contentType("application/x-ndjson")
                .extract()
                .asString();
        assertThat(lines.lines()).hasSize(5).allMatch(line -> line.startsWith("{\"seq\":"));
        admin().get(AUDIT + "?actor=nobody").then().body("items", hasSize(0));
        admin().get(AUDIT + "?outcome=success&limit=200").then().body("items.outcome", everyItem(equalTo("success")));
        for (String bad : List.of(
                "from=yesterday", "outcome=odd", "object=" + "x".repeat(300), "cursor=x", "cursor=MTp4", "limit=0")) {
            admin().get(AUDIT + "?" + bad).then().statusCode(400);
        }
        admin().get(AUDIT + "?from=+999999999-01-01T00:00:00Z").then().statusCode(400);
        given().get("/api/v1/audit").then().statusCode(401);
    }

    @Test
    void chainsWhatManyRequestsDoAtOnce() throws Exception {
        List<Thread> threads = new java.util.ArrayList<>();
        for (int t = 0; t < 6; t++) {
            Thread thread = new Thread(() -> {
                for (int i = 0; i < 20; i++) {
                    admin().delete(CONTAINERS + "/raced-" + i);
                }
            });
            thread.start();
            threads.add(thread);
        }
        for (Thread thread : threads) {
            thread.join();
        }
        admin().get(AUDIT + "?object=raced-7").then().body("items", hasSize(6));
        String head = admin().get("/api/v1/audit/head")
                .then()
                .statusCode(200)
                .extract()
                .path("head");
        try (Connection connection = database.getConnection()) {
            ChainVerifier.Report report = ChainVerifier.verify(connection, List.of(ChainHead.parse(head)));
            assertThat(report.problems()).isEmpty();
            assertThat(report.entries()).isGreaterThanOrEqualTo(120);
        }
    }

    @Test
    void holdsNoSecret() throws Exception {
        json("{'image':'busybox','env':{'KEY':'" + SECRET + "'},'nonsense':1}").post(CONTAINERS + "?token=" + SECRET);
        admin().get(AUDIT).then().statusCode(200);
        try (Connection connection = database.getConnection();
                var select = connection.prepareStatement("select e::text from audit_entry e");
                var rows = select.executeQuery()) {
            while (rows.next()) {
                assertThat(rows.getString(1)).doesNotContain(SECRET).doesNotContain("berth_");
            }
        }
        assertThat(new String(journal(), StandardCharsets.UTF_8))
                .doesNotContain(SECRET)
                .doesNotContain("berth_");
    }

    private static byte[] journal() throws Exception {
        var directory = AuditLog.journalDirectory(java.nio.file.Path.of(
                org.eclipse.microprofile.config.ConfigProvider.getConfig().getValue("berth.data-dir", String.class)));
        var bytes = new java.io.ByteArrayOutputStream();
        try (var files = java.nio.file.Files.list(directory)) {
            for (var file : files.filter(file -> file.getFileName().toString().startsWith("journal-"))
                    .toList()) {
                bytes.write(java.nio.file.Files.readAllBytes(file));
            }
        }
        return bytes.toByteArray();
    }

    private long count() throws Exception {
        admin().get("/api/v1/audit?limit=1").then().statusCode(200);
        try (Connection connection = database.getConnection();
                var select = connection.prepareStatement("select count(*) from audit_entry");
                var row = select.executeQuery()) {
            row.next();
            return row.getLong(1);
        }
    }

    private static JsonPath newest(String filter) {
        return first(AUDIT + "?limit=1&" + filter);
    }

    private static JsonPath platform(String filter) {
        return first("/api/v1/audit?limit=1&" + filter);
    }

    private static JsonPath first(String path) {
        var answer = admin().get(path).then().statusCode(200).body("items", hasSize(1));
        return answer.extract().jsonPath().setRootPath("items[0]");
    }
}
