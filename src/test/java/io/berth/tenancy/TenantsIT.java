package io.berth.tenancy;

import static io.berth.testing.Api.admin;
import static io.berth.testing.Api.json;
import static io.berth.testing.TestTokens.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import io.berth.engine.ContainerId;
import io.berth.engine.FakeEngine;
import io.berth.operations.Operation;
import io.berth.operations.OperationService;
import io.berth.tenants.Tenant;
import io.berth.tenants.TenantDirectory;
import io.berth.tenants.TenantId;
import io.berth.tenants.store.TenantRepository;
import io.berth.testing.FakeEngineProfile;
import io.berth.testing.TestTokens;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** Making, finding, changing and deleting tenants. */
@QuarkusTest
@TestProfile(FakeEngineProfile.class)
class TenantsIT {

    static final String TENANTS = "/api/v1/tenants";

    @Inject
    FakeEngine engine;

    @Inject
    TenantDeletion deletion;

    @Inject
    TenantRepository repository;

    @Inject
    TenantDirectory directory;

    @Inject
    OperationService operations;

    @Inject
    DataSource database;

    static String path(String tenant) {
        return TENANTS + "/" + tenant;
    }

    static void create(String name) {
        json("{'name':'" + name + "'}").post(TENANTS).then().statusCode(201);
    }

    static String run(String tenant, String... more) {
        String rest = more.length == 0 ? "" : "," + String.join(",", more);
        return json("{'image':'busybox','command':['sleep','1000']" + rest + "}")
                .post(path(tenant) + "/containers")
                .then()
                .statusCode(201)
                .extract()
                .path("id");
    }

    /** Deletes it, and waits for the end. */
    static void delete(String name) {
        Response accepted = admin().delete(path(name));
        accepted.then().statusCode(202).body("kind", equalTo("tenant.delete"));
        awaitEnd(accepted.header("Location"));
    }

    static void awaitEnd(String operation) {
        admin().get(operation + "?wait=30")
                .then()
                .statusCode(200)
                .body("status", equalTo("succeeded"))
                .body("progress.done", notNullValue());
    }

    @Test
    void isMadeFoundAndRenamed() {
        Response created = json("{'name':'acme','displayName':'Acme Inc.'}").post(TENANTS);
        created.then()
                .statusCode(201)
                .header("Location", containsString(path("acme")))
                .header("ETag", equalTo("\"0\""))
                .body("displayName", equalTo("Acme Inc."))
                .body("suspended", equalTo(false))
                .body("suspendMode", nullValue());
        json("{'displayName':'Acme Ltd.'}")
                .header("If-Match", created.header("ETag"))
                .patch(path("acme"))
                .then()
                .statusCode(200)
                .header("ETag", equalTo("\"1\""))
                .body("displayName", equalTo("Acme Ltd."));
        json("{'displayName':'x'}")
                .header("If-Match", created.header("ETag"))
                .patch(path("acme"))
                .then()
                .statusCode(412);
        json("{'displayName':null}").patch(path("acme")).then().body("displayName", equalTo("acme"));
        admin().get(path("acme")).then().statusCode(200).header("ETag", equalTo("\"2\""));
        delete("acme");
    }

    @Test
    void saysWhatIsWrongWithANewOne() {
        for (String name : List.of("", "Acme", "-a", "a-", "a.b", "ä", "a".repeat(64), "a_b")) {
            json("{'name':'" + name + "'}")
                    .post(TENANTS)
                    .then()
                    .statusCode(400)
                    .body("code", equalTo("validation-failed"))
                    .body("errors.pointer", contains("/name"));
        }
        json("{}").post(TENANTS).then().statusCode(400).body("errors.pointer", contains("/name"));
        json("{'name':'a','displayName':' '}").post(TENANTS).then().statusCode(400);
        json("{'name':'a','displayName':'\\u0007'}").post(TENANTS).then().statusCode(400);
        json("{'name':'a','colour':'red'}").post(TENANTS).then().statusCode(400).body("code", equalTo("unknown-field"));
        admin().contentType("application/json").post(TENANTS).then().statusCode(400);
        json("{'name':'default'}").post(TENANTS).then().statusCode(409).body("code", equalTo("name-taken"));
        json("{'suspendMode':'stop'}").patch(path("default")).then().statusCode(400);
        json("{'suspended':true,'suspendMode':'kill'}")
                .patch(path("default"))
                .then()
                .statusCode(400);
        json("{'suspended':'yes'}").patch(path("default")).then().statusCode(400);
        json("{'name':'other'}").patch(path("default")).then().statusCode(400).body("code", equalTo("unknown-field"));
    }

    @Test
    void isMadeOnceByARepeatedRequest() {
        for (int i = 0; i < 2; i++) {
            json("{'name':'once'}")
                    .header("Idempotency-Key", "make-once")
                    .post(TENANTS)
                    .then()
                    .statusCode(201)
                    .header("Idempotency-Replayed", i == 0 ? nullValue() : equalTo("true"));
        }
        json("{'name':'twice'}")
                .header("Idempotency-Key", "make-once")
                .post(TENANTS)
                .then()
                .statusCode(422);
        delete("once");
    }

    @Test
    void isListedInPagesToThoseWhoMaySeeIt() throws Exception {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.executeUpdate("insert into tenant (name, group_id, display_name, suspended)"
                    + " select 'many-' || to_char(n, 'FM0000'), 'many_' || n, 'Number ' || n, n % 100 = 0"
                    + " from generate_series(1, 1000) n");
        }
        List<String> all = new ArrayList<>();
        String cursor = "";
        while (cursor != null) {
            Response page = admin().get(TENANTS + "?q=MANY&limit=200" + (cursor.isEmpty() ? "" : "&cursor=" + cursor));
            page.then().statusCode(200);
            all.addAll(page.path("items.name"));
            cursor = page.path("next");
        }
        assertThat(all).hasSize(1000).isSorted().doesNotHaveDuplicates();
        admin().get(TENANTS + "?q=ber 77").then().body("items.name", hasItem("many-0770"));
        admin().get(TENANTS + "?suspended=true&q=many").then().body("items.size()", equalTo(10));
        admin().get(TENANTS + "?suspended=maybe").then().statusCode(400);
        String token = TestTokens.of("many-0007", "VIEWER");
        as(token).get(TENANTS).then().body("items.name", contains("many-0007"));
        as(token).get(TENANTS + "?q=many-0008").then().body("items", empty());
        as(token).get("/api/v1/me").then().body("tenants.tenant", contains("many-0007"));
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.executeUpdate("delete from api_token where tenant like 'many-%'");
            statement.executeUpdate("delete from tenant where name like 'many-%'");
        }
    }

    @Test
    void isRenamedByItsOwnersAndSuspendedByAdministratorsAlone() {
        create("owned");
        String owner = TestTokens.of("owned", "OWNER");
        String member = TestTokens.of("owned", "MEMBER");
        patch(owner, "owned", "{'displayName':'Ours'}", 200);
        patch(member, "owned", "{'displayName':'Ours'}", 403);
        patch(owner, "owned", "{'suspended':true}", 403);
        as(owner).delete(path("owned")).then().statusCode(403);
        as(owner)
                .contentType("application/json")
                .body("{\"name\":\"more\"}")
                .post(TENANTS)
                .then()
                .statusCode(403);
        patch(owner, "default", "{'displayName':'Theirs'}", 404);
        delete("owned");
    }

    private static void patch(String token, String tenant, String body, int status) {
        as(token)
                .contentType("application/json")
                .body(body.replace('\'', '"'))
                .patch(path(tenant))
                .then()
                .statusCode(status);
    }

    @Test
    void goesWithEverythingAndLeavesItsNameFree() {
        create("doomed");
        String owner = TestTokens.of("doomed", "OWNER");
        String first = run("doomed", "'name':'web'");
        run("doomed");
        as(owner).get(path("doomed")).then().statusCode(200);
        engine.failNext("delete");
        String operation = admin().delete(path("doomed")).header("Location");
        // gone for everybody while it is still being removed
        admin().get(path("doomed")).then().statusCode(404);
        admin().delete(path("doomed")).then().statusCode(404);
        admin().get(TENANTS + "?limit=200").then().body("items.name", not(hasItem("doomed")));
        as(owner).get(path("doomed")).then().statusCode(401);
        as(owner).get(operation).then().statusCode(401);
        as(TestTokens.of("default", "OWNER")).get(operation).then().statusCode(404);
        json("{'name':'doomed'}")
                .post(TENANTS)
                .then()
                .statusCode(409)
                .body("code", equalTo("tenant-being-deleted"))
                .body("detail", containsString(operation.substring(operation.lastIndexOf('/') + 1)));
        admin().delete(operation).then().statusCode(409).body("code", equalTo("wrong-state"));
        awaitEnd(operation);
        assertThat(engine.list()).doesNotContain(new ContainerId(first));
        assertThat(engine.groups()).noneMatch(group -> group.value().startsWith("doomed"));
        create("doomed");
        admin().get(path("doomed") + "/containers").then().body("items", empty());
        admin().get(path("doomed") + "/containers/" + first).then().statusCode(404);
        as(owner).get(path("doomed")).then().statusCode(401);
        delete("doomed");
    }

    @Test
    void givesANewTenantOfAnOldNameAGroupOfItsOwn() {
        create("phoenix");
        Tenant before = directory.find(new TenantId("phoenix")).orElseThrow();
        delete("phoenix");
        create("phoenix");
        assertThat(directory.find(new TenantId("phoenix")).orElseThrow().group())
                .isNotEqualTo(before.group());
        delete("phoenix");
    }

    @Test
    void isDeletedToTheEndByTheNextStart() {
        create("halfway");
        String id = run("halfway");
        Operation operation = operations.createResumable("tenant.delete", "halfway");
        repository.markDeleted(new TenantId("halfway"), operation.id());
        deletion.onStart(new StartupEvent());
        awaitEnd("/api/v1/operations/" + operation.id());
        assertThat(engine.list()).doesNotContain(new ContainerId(id));
        create("halfway");
        delete("halfway");
    }

    @Test
    void cancelsThePullsOfADeletedTenant() {
        create("pulling");
        String pull = json("{'image':'slow/thing'}")
                .header("Prefer", "respond-async")
                .post(path("pulling") + "/containers")
                .then()
                .statusCode(202)
                .extract()
                .header("Location");
        delete("pulling");
        await().untilAsserted(() -> admin().get(pull).then().statusCode(404));
    }
}
