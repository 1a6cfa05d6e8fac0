package io.berth.tenants.quota;

import static io.berth.testing.Api.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasKey;

import io.berth.engine.ContainerId;
import io.berth.engine.FakeEngine;
import io.berth.tenants.TenantDirectory;
import io.berth.tenants.TenantId;
import io.berth.testing.FakeEngineProfile;
import io.berth.testing.Tenants;
import io.berth.testing.Tenants.Made;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Admission: over HTTP, with a real database and an engine in memory. */
@QuarkusTest
@TestProfile(FakeEngineProfile.class)
class QuotaAdmissionIT {

    private static final int PAIRS = 200;
    private static final String SLEEP = "'image':'busybox','command':['sleep','1000']";

    @Inject
    FakeEngine engine;

    @Inject
    TenantDirectory tenants;

    private Made tenant = new Made("", "");

    @BeforeEach
    void makeTenant() {
        tenant = Tenants.make();
    }

    @AfterEach
    void deleteContainers() {
        List<String> ids = tenant.owner()
                .get(tenant.path("/containers?limit=200"))
                .then()
                .extract()
                .path("items.id");
        if (ids != null) {
            ids.forEach(this::delete);
        }
    }

    @Test
    void neverGivesTheLastUnitToTwoRequestsAtOnce() throws Exception {
        quota("{'runningContainers':3}");
        create("'name':'a'").statusCode(201);
        create("'name':'b'").statusCode(201);
        HttpClient http =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        HttpRequest create = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + RestAssured.port + tenant.path("/containers")))
                .header("Authorization", "Bearer " + tenant.token())
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{" + SLEEP.replace('\'', '"') + "}"))
                .build();
        for (int i = 0; i < PAIRS; i++) {
            List<CompletableFuture<HttpResponse<String>>> pair = List.of(
                    http.sendAsync(create, BodyHandlers.ofString()), http.sendAsync(create, BodyHandlers.ofString()));
            // both before either is deleted, which would make room for the other
            List<HttpResponse<String>> answers =
                    List.of(pair.get(0).get(), pair.get(1).get());
            List<Integer> statuses = new ArrayList<>();
            for (HttpResponse<String> answer : answers) {
                statuses.add(answer.statusCode());
                if (answer.statusCode() == 201) {
                    delete(JsonPath.from(answer.body()).getString("id"));
                } else {
                    assertThat(answer.body()).contains("quota-exceeded");
                }
            }
            assertThat(statuses).as("pair " + i).containsExactlyInAnyOrder(201, 403);
        }
        assertThat(usage("runningContainers").<Integer>get("used")).isEqualTo(2);
    }

    @Test
    void neverStartsTwoForTheLastPlace() throws Exception {
        quota("{'runningContainers':1}");
        List<String> stopped = List.of(createOnly("one"), createOnly("two"));
        ExecutorService clients = Executors.newFixedThreadPool(2);
        try {
            for (int i = 0; i < 50; i++) {
                CyclicBarrier together = new CyclicBarrier(2);
                List<Future<Integer>> starts = new ArrayList<>();
                for (String id : stopped) {
                    starts.add(clients.submit(() -> {
                        together.await();
                        return act(id, "start").extract().statusCode();
                    }));
                }
                List<Integer> statuses =
                        List.of(starts.get(0).get(), starts.get(1).get());
                assertThat(statuses).containsExactlyInAnyOrder(200, 403);
                act(stopped.get(statuses.indexOf(200)), "stop?timeout=0").statusCode(200);
            }
        } finally {
            clients.shutdownNow();
        }
    }

    @Test
    void explainsItsRefusals() {
        quota("{'containers':5,'runningContainers':5}");
        for (String name : List.of("one", "two", "three", "four", "five")) {
            create("'name':'" + name + "'").statusCode(201);
        }
        create("'name':'six'")
                .statusCode(403)
                .contentType("application/problem+json")
                .body("code", equalTo("quota-exceeded"))
                .body("quota.scope", equalTo("tenant"))
                .body("quota.resource", equalTo("containers"))
                .body("quota.limit", equalTo(5))
                .body("quota.used", equalTo(5))
                .body("quota.requested", equalTo(1))
                .body("quota.unit", equalTo("count"))
                .body("detail", containsString("delete one of the 5 containers: five, four, three and 2 more"));
        act("one", "stop?timeout=0").statusCode(200);
        create("'name':'six'").statusCode(403).body("quota.resource", equalTo("containers"));
        delete("one");
        create("'name':'six'").statusCode(201);
    }

    @Test
    void stoppedContainersChargeTheirExistenceOnly() {
        quota("{'containers':3,'runningContainers':1}");
        create("'name':'a'").statusCode(201);
        create("'name':'b'")
                .statusCode(403)
                .body("quota.resource", equalTo("runningContainers"))
                .body("detail", containsString("stop or delete one of the 1 running containers: a"));
        createOnly("b");
        act("b", "start").statusCode(403).body("quota.resource", equalTo("runningContainers"));
        act("a", "stop?timeout=0").statusCode(200);
        act("b", "start").statusCode(200);
        act("b", "pause").statusCode(200);
        act("a", "start").statusCode(403);
        act("b", "resume").statusCode(200);
        createOnly("c");
        create("'name':'d'").statusCode(403).body("quota.resource", equalTo("containers"));
    }

    @Test
    void failedCreatesAndStartsGiveTheirPlaceBack() {
        quota("{'containers':1,'runningContainers':1}");
        engine.failNext("create");
        create("'name':'a'").statusCode(500);
        engine.failNext("start");
        create("'name':'a'").statusCode(500);
        create("'name':'a','nonsense':1").statusCode(400);
        String id = createOnly("a");
        engine.failNext("start");
        act(id, "start").statusCode(500);
        assertThat(usage("runningContainers").<Integer>get("used")).isZero();
        tenant.owner().get(tenant.path("/containers/a")).then().body("desiredState", equalTo("stopped"));
        act(id, "start").statusCode(200);
        create("'name':'b'").statusCode(403);
        delete("a");
        create("'name':'b'").statusCode(201);
    }

    @Test
    void aContainerThatWaitsForARestartKeepsItsPlace() {
        quota("{'runningContainers':1}");
        String id = create("'name':'a','restartPolicy':{'name':'always'}")
                .statusCode(201)
                .extract()
                .path("id");
        for (int i = 0; i < 3; i++) {
            engine.end(new ContainerId(id), 1);
            create("'name':'b'").statusCode(403);
            int times = i + 1;
            await().untilAsserted(() -> tenant.owner()
                    .get(tenant.path("/containers/a"))
                    .then()
                    .body("state", equalTo("running"))
                    .body("restartCount", equalTo(times)));
        }
        quota("{'runningContainers':0,'containers':1}");
        engine.end(new ContainerId(id), 1);
        await().untilAsserted(() ->
                tenant.owner().get(tenant.path("/containers/a")).then().body("restartCount", equalTo(4)));
    }

    @Test
    void aRestartOnRequestKeepsItsPlaceToo() {
        quota("{'runningContainers':1}");
        create("'name':'a','stopTimeout':'0s'").statusCode(201);
        quota("{'runningContainers':0}");
        act("a", "restart").statusCode(200).body("state", equalTo("running"));
        engine.failNext("start");
        act("a", "restart").statusCode(500);
        tenant.owner().get(tenant.path("/containers/a")).then().body("desiredState", equalTo("stopped"));
        act("a", "start").statusCode(403);
    }

    @Test
    void reservesWhatRunningContainersDeclare() {
        quota("{'memory':'512MiB','cpus':1,'policies':{'memory':'reserve','cpus':'reserve'}}");
        create("'name':'a','resources':{'memory':'256MiB'}")
                .statusCode(400)
                .body("errors.pointer", hasItem("/resources/cpus"))
                .body("detail", containsString("reserves 'cpus'"));
        create("'name':'a','resources':{'memory':'256MiB','cpus':0.5}").statusCode(201);
        create("'name':'b','resources':{'memory':'257MiB','cpus':0.5}")
                .statusCode(403)
                .body("quota.resource", equalTo("memory"))
                .body("quota.used", equalTo(256 << 20))
                .body("quota.requested", equalTo(257 << 20))
                .body("detail", allOf(containsString("512MiB (memory)"), containsString("a, or lower the limit")));
        create("'name':'b','resources':{'memory':'128MiB','cpus':0.4}").statusCode(201);
        patch("b", "{'resources':{'memory':'300MiB'}}").statusCode(403).body("quota.requested", equalTo(172 << 20));
        patch("b", "{'resources':{'memory':'256MiB','cpus':0.5}}").statusCode(200);
        patch("b", "{'resources':{'memory':'64MiB'}}").statusCode(200);
        patch("b", "{'resources':{'cpus':null}}").statusCode(400);
        assertThat(usage("cpus").getDouble("reserved")).isEqualTo(1.0);
        act("b", "stop?timeout=0").statusCode(200);
        create("'name':'c','resources':{'memory':'256MiB','cpus':0.5}").statusCode(201);
        act("b", "start")
                .statusCode(403)
                .body("quota.resource", equalTo("cpus"))
                .body("quota.unit", equalTo("cores"));
    }

    @Test
    void containersThatSayNothingGetTheMostOneMayHave() {
        quota(
                "{'cpus':2,'maxContainerCpus':0.5,'maxContainerMemory':'64MiB','maxTtl':'1h','policies':{'cpus':'reserve'}}");
        create("'name':'a'")
                .statusCode(201)
                .body("resources.cpus", equalTo(0.5f))
                .body("resources.memory", equalTo(64 << 20))
                .body("ttl", equalTo(3600))
                .body("$", hasKey("expiresAt"));
        create("'name':'b','resources':{'cpus':0.6}")
                .statusCode(403)
                .body("quota.scope", equalTo("container"))
                .body("quota.resource", equalTo("maxContainerCpus"))
                .body("quota.limit", equalTo(0.5f))
                .body("quota.requested", equalTo(0.6f));
        create("'name':'b','ttl':'2h'").statusCode(403).body("quota.resource", equalTo("maxTtl"));
        patch("a", "{'resources':{'memory':'65MiB'}}").statusCode(403);
        patch("a", "{'resources':{'memory':'32MiB'}}").statusCode(200);
        quota("{'maxContainerMemory':'16MiB'}");
        patch("a", "{'resources':{'memory':'24MiB'}}").statusCode(200);
        act("a", "stop?timeout=0");
        act("a", "start").statusCode(403).body("quota.resource", equalTo("maxContainerMemory"));
    }

    @Test
    void sharesPoolsUnlessToldOtherwise() {
        quota("{'memory':'64MiB'}");
        create("'name':'a','resources':{'memory':'64MiB'}").statusCode(201);
        create("'name':'b','resources':{'memory':'64MiB'}").statusCode(201);
        create("'name':'c'").statusCode(201);
        assertThat(engine.groupStats(tenants.group(new TenantId(tenant.name()))).memoryLimitBytes())
                .isEqualTo(64 << 20);
    }

    @Test
    void boundsExecsOfAllContainersTogetherAlsoThoseThatOutlivedTheServer() {
        quota("{'execSessions':2}");
        create("'name':'a'").statusCode(201);
        create("'name':'b'").statusCode(201);
        exec("a", "'tty':true,'command':['cat']").statusCode(201);
        String second = exec("b", "'stdin':true,'command':['cat']")
                .statusCode(201)
                .extract()
                .path("id");
        exec("a", "'command':['true'],'wait':true")
                .statusCode(403)
                .body("quota.resource", equalTo("execSessions"))
                .body("quota.used", equalTo(2))
                .body("detail", containsString("end one of the 2 execs"));
        tenant.owner()
                .delete(tenant.path("/containers/b/execs/" + second))
                .then()
                .statusCode(204);
        await().untilAsserted(() -> exec("a", "'command':['echo'],'wait':true").statusCode(200));
        quota("{'execSessions':1}");
        exec("b", "'command':['echo'],'wait':true").statusCode(403);
    }

    @Test
    void boundsImages() {
        quota("{'images':0}");
        assertThat(usage("images").<Integer>get("limit")).isZero();
    }

    @Test
    void triesWithoutDoing() {
        quota("{'runningContainers':1,'maxContainerCpus':1}");
        check("{'container':{" + SLEEP + "}}").body("allowed", equalTo(true)).body("refusals.size()", equalTo(0));
        create("'name':'a'").statusCode(201);
        Response refused = tenant.json("{" + SLEEP + ",'resources':{'cpus':2}}").post(tenant.path("/containers"));
        check("{'container':{" + SLEEP + ",'resources':{'cpus':2}}}")
                .body("allowed", equalTo(false))
                .body("refusals.quota.resource", equalTo(List.of("maxContainerCpus", "runningContainers")))
                .body("refusals[0].code", equalTo("quota-exceeded"))
                .body("refusals[0].detail", equalTo(refused.path("detail")))
                .body("refusals[0].quota", equalTo(refused.path("quota")));
        check("{'container':{" + SLEEP + "},'start':false}").body("allowed", equalTo(true));
        check("{'amounts':{'runningContainers':1,'cpus':64}}").body("allowed", equalTo(false));
        check("{'amounts':{'containers':100}}").body("allowed", equalTo(true));
        tenant.json("{'amounts':{'unicorns':1}}")
                .post(tenant.path("/quota/check"))
                .then()
                .statusCode(400)
                .body("code", equalTo("unknown-field"))
                .body("errors.pointer", hasItem("/amounts/unicorns"));
        tenant.json("{}").post(tenant.path("/quota/check")).then().statusCode(400);
        tenant.json("{'container':{'image':''}}")
                .post(tenant.path("/quota/check"))
                .then()
                .statusCode(400);
        assertThat(usage("containers").<Integer>get("used")).isEqualTo(1);
    }

    @Test
    void loweringBelowWhatIsInUseIsSaidAndStopsNewStartsOnly() {
        create("'name':'a'").statusCode(201);
        create("'name':'b'").statusCode(201);
        quota("{'runningContainers':1,'containers':10}")
                .body("over.size()", equalTo(1))
                .body("over[0].resource", equalTo("runningContainers"))
                .body("over[0].used", equalTo(2))
                .body("over[0].limit", equalTo(1))
                .body("over[0].message", containsString("1 above the limit"));
        tenant.owner().get(tenant.path("/containers/a")).then().body("state", equalTo("running"));
        create("'name':'c'").statusCode(403);
        createOnly("c");
    }

    @Test
    void aSpentPoolOfProcessesTakesNobodyIn() {
        quota("{'pids':2}");
        create("'name':'a'").statusCode(201);
        create("'name':'b'").statusCode(201);
        create("'name':'c'")
                .statusCode(403)
                .body("quota.resource", equalTo("pids"))
                .body("quota.used", equalTo(2));
        exec("a", "'command':['true'],'wait':true").statusCode(403).body("quota.resource", equalTo("pids"));
        check("{'container':{" + SLEEP + "}}").body("refusals.quota.resource", equalTo(List.of("pids")));
        delete("b");
        create("'name':'c'").statusCode(201);
    }

    @Test
    void anOverdrawnPoolOfMemoryStartsNothingUntilItIsBackInBounds() {
        for (String name : List.of("a", "c", "d", "e", "f")) { // each has a MiB in use
            create("'name':'" + name + "'").statusCode(201);
        }
        quota("{'memory':'4MiB'}")
                .body("over.resource", equalTo(List.of("memory")))
                .body("over[0].message", containsString("nothing is killed for it"));
        create("'name':'b'")
                .statusCode(403)
                .body("quota.resource", equalTo("memory"))
                .body("quota.used", equalTo(5 << 20))
                .body("quota.limit", equalTo(4 << 20));
        delete("a");
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> create("'name':'b'").statusCode(201));
    }

    private ValidatableResponse quota(String body) {
        return json(body).put(tenant.path("/quota")).then().statusCode(200);
    }

    private ValidatableResponse create(String members) {
        return tenant.json("{" + SLEEP + "," + members + "}")
                .post(tenant.path("/containers"))
                .then();
    }

    private String createOnly(String name) {
        return tenant.json("{" + SLEEP + ",'name':'" + name + "'}")
                .post(tenant.path("/containers?start=false"))
                .then()
                .statusCode(201)
                .extract()
                .path("id");
    }

    private ValidatableResponse act(String container, String action) {
        return tenant.owner()
                .post(tenant.path("/containers/" + container + "/" + action))
                .then();
    }

    private ValidatableResponse patch(String container, String body) {
        return tenant.json(body).patch(tenant.path("/containers/" + container)).then();
    }

    private ValidatableResponse exec(String container, String members) {
        return tenant.json("{" + members + "}")
                .post(tenant.path("/containers/" + container + "/execs"))
                .then();
    }

    private ValidatableResponse check(String body) {
        return tenant.json(body).post(tenant.path("/quota/check")).then().statusCode(200);
    }

    private JsonPath usage(String resource) {
        return tenant.owner()
                .get(tenant.path("/usage"))
                .then()
                .statusCode(200)
                .extract()
                .jsonPath()
                .setRootPath("now." + resource);
    }

    private void delete(String container) {
        tenant.owner().delete(tenant.path("/containers/" + container + "?force=true"));
    }
}
