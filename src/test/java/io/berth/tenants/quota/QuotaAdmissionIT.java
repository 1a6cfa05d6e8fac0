package io.berth.tenants.quota;

import static io.berth.tenants.quota.LimitedTenant.SLEEP;
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
import io.berth.testing.FakeEngineProfile;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Admission: over HTTP, with a real database and an engine in memory. */
@QuarkusTest
@TestProfile(FakeEngineProfile.class)
class QuotaAdmissionIT {

    @Inject
    FakeEngine engine;

    @Inject
    TenantDirectory tenants;

    private LimitedTenant tenant;

    @BeforeEach
    void makeTenant() {
        tenant = LimitedTenant.make();
    }

    @AfterEach
    void deleteContainers() {
        tenant.deleteContainers();
    }

    @Test
    void explainsItsRefusals() {
        tenant.limit("{'containers':5,'runningContainers':5}");
        for (String name : List.of("one", "two", "three", "four", "five")) {
            tenant.create("'name':'" + name + "'").statusCode(201);
        }
        tenant.create("'name':'six'")
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
        tenant.act("one", "stop?timeout=0").statusCode(200);
        tenant.create("'name':'six'").statusCode(403).body("quota.resource", equalTo("containers"));
        tenant.delete("one");
        tenant.create("'name':'six'").statusCode(201);
    }

    @Test
    void stoppedContainersChargeTheirExistenceOnly() {
        tenant.limit("{'containers':3,'runningContainers':1}");
        tenant.create("'name':'a'").statusCode(201);
        tenant.create("'name':'b'")
                .statusCode(403)
                .body("quota.resource", equalTo("runningContainers"))
                .body("detail", containsString("stop or delete one of the 1 running containers: a"));
        tenant.createStopped("b");
        tenant.act("b", "start").statusCode(403).body("quota.resource", equalTo("runningContainers"));
        tenant.act("a", "stop?timeout=0").statusCode(200);
        tenant.act("b", "start").statusCode(200);
        tenant.act("b", "pause").statusCode(200);
        tenant.act("a", "start").statusCode(403);
        tenant.act("b", "resume").statusCode(200);
        tenant.createStopped("c");
        tenant.create("'name':'d'").statusCode(403).body("quota.resource", equalTo("containers"));
    }

    @Test
    void failedCreatesAndStartsGiveTheirPlaceBack() {
        tenant.limit("{'containers':1,'runningContainers':1}");
        engine.failNext("create");
        tenant.create("'name':'a'").statusCode(500);
        engine.failNext("start");
        tenant.create("'name':'a'").statusCode(500);
        tenant.create("'name':'a','nonsense':1").statusCode(400);
        String id = tenant.createStopped("a");
        engine.failNext("start");
        tenant.act(id, "start").statusCode(500);
        assertThat(tenant.usage("runningContainers").<Integer>get("used")).isZero();
        tenant.container("a").body("desiredState", equalTo("stopped"));
        tenant.act(id, "start").statusCode(200);
        tenant.create("'name':'b'").statusCode(403);
        tenant.delete("a");
        tenant.create("'name':'b'").statusCode(201);
    }

    @Test
    void aContainerThatWaitsForARestartKeepsItsPlace() {
        tenant.limit("{'runningContainers':1}");
        String id = tenant.create("'name':'a','restartPolicy':{'name':'always'}")
                .statusCode(201)
                .extract()
                .path("id");
        for (int i = 0; i < 3; i++) {
            engine.end(new ContainerId(id), 1);
            tenant.create("'name':'b'").statusCode(403);
            int times = i + 1;
            await().untilAsserted(() ->
                    tenant.container("a").body("state", equalTo("running")).body("restartCount", equalTo(times)));
        }
        tenant.limit("{'runningContainers':0,'containers':1}");
        engine.end(new ContainerId(id), 1);
        await().untilAsserted(() -> tenant.container("a").body("restartCount", equalTo(4)));
    }

    @Test
    void aRestartOnRequestKeepsItsPlaceToo() {
        tenant.limit("{'runningContainers':1}");
        tenant.create("'name':'a','stopTimeout':'0s'").statusCode(201);
        tenant.limit("{'runningContainers':0}");
        tenant.act("a", "restart").statusCode(200).body("state", equalTo("running"));
        engine.failNext("start");
        tenant.act("a", "restart").statusCode(500);
        tenant.container("a").body("desiredState", equalTo("stopped"));
        tenant.act("a", "start").statusCode(403);
    }

    @Test
    void reservesWhatRunningContainersDeclare() {
        tenant.limit("{'memory':'512MiB','cpus':1,'policies':{'memory':'reserve','cpus':'reserve'}}");
        tenant.create("'name':'a','resources':{'memory':'256MiB'}")
                .statusCode(400)
                .body("errors.pointer", hasItem("/resources/cpus"))
                .body("detail", containsString("reserves 'cpus'"));
        tenant.create("'name':'a','resources':{'memory':'256MiB','cpus':0.5}").statusCode(201);
        tenant.create("'name':'b','resources':{'memory':'257MiB','cpus':0.5}")
                .statusCode(403)
                .body("quota.resource", equalTo("memory"))
                .body("quota.used", equalTo(256 << 20))
                .body("quota.requested", equalTo(257 << 20))
                .body("detail", allOf(containsString("512MiB (memory)"), containsString("a, or lower the limit")));
        tenant.create("'name':'b','resources':{'memory':'128MiB','cpus':0.4}").statusCode(201);
        tenant.patch("b", "{'resources':{'memory':'300MiB'}}")
                .statusCode(403)
                .body("quota.requested", equalTo(172 << 20));
        tenant.patch("b", "{'resources':{'memory':'256MiB','cpus':0.5}}").statusCode(200);
        tenant.patch("b", "{'resources':{'memory':'64MiB'}}").statusCode(200);
        tenant.patch("b", "{'resources':{'cpus':null}}").statusCode(400);
        assertThat(tenant.usage("cpus").getDouble("reserved")).isEqualTo(1.0);
        tenant.act("b", "stop?timeout=0").statusCode(200);
        tenant.create("'name':'c','resources':{'memory':'256MiB','cpus':0.5}").statusCode(201);
        tenant.act("b", "start")
                .statusCode(403)
                .body("quota.resource", equalTo("cpus"))
                .body("quota.unit", equalTo("cores"));
    }

    @Test
    void containersThatSayNothingGetTheMostOneMayHave() {
        tenant.limit(
                "{'cpus':2,'maxContainerCpus':0.5,'maxContainerMemory':'64MiB','maxTtl':'1h','policies':{'cpus':'reserve'}}");
        tenant.create("'name':'a'")
                .statusCode(201)
                .body("resources.cpus", equalTo(0.5f))
                .body("resources.memory", equalTo(64 << 20))
                .body("ttl", equalTo(3600))
                .body("$", hasKey("expiresAt"));
        tenant.create("'name':'b','resources':{'cpus':0.6}")
                .statusCode(403)
                .body("quota.scope", equalTo("container"))
                .body("quota.resource", equalTo("maxContainerCpus"))
                .body("quota.limit", equalTo(0.5f))
                .body("quota.requested", equalTo(0.6f));
        tenant.create("'name':'b','ttl':'2h'").statusCode(403).body("quota.resource", equalTo("maxTtl"));
        tenant.patch("a", "{'resources':{'memory':'65MiB'}}").statusCode(403);
        tenant.patch("a", "{'resources':{'memory':'32MiB'}}").statusCode(200);
        tenant.limit("{'maxContainerMemory':'16MiB'}");
        tenant.patch("a", "{'resources':{'memory':'24MiB'}}").statusCode(200);
        tenant.act("a", "stop?timeout=0");
        tenant.act("a", "start").statusCode(403).body("quota.resource", equalTo("maxContainerMemory"));
    }

    @Test
    void sharesPoolsUnlessToldOtherwise() {
        tenant.limit("{'memory':'64MiB'}");
        tenant.create("'name':'a','resources':{'memory':'64MiB'}").statusCode(201);
        tenant.create("'name':'b','resources':{'memory':'64MiB'}").statusCode(201);
        tenant.create("'name':'c'").statusCode(201);
        assertThat(engine.groupStats(tenants.group(tenant.id())).memoryLimitBytes())
                .isEqualTo(64 << 20);
    }

    @Test
    void boundsExecsOfAllContainersTogetherAlsoThoseThatOutlivedTheServer() {
        tenant.limit("{'execSessions':2}");
        tenant.create("'name':'a'").statusCode(201);
        tenant.create("'name':'b'").statusCode(201);
        tenant.exec("a", "'tty':true,'command':['cat']").statusCode(201);
        String second = tenant.exec("b", "'stdin':true,'command':['cat']")
                .statusCode(201)
                .extract()
                .path("id");
        tenant.exec("a", "'command':['true'],'wait':true")
                .statusCode(403)
                .body("quota.resource", equalTo("execSessions"))
                .body("quota.used", equalTo(2))
                .body("detail", containsString("end one of the 2 execs"));
        tenant.deleteExec("b", second).statusCode(204);
        await().untilAsserted(
                        () -> tenant.exec("a", "'command':['echo'],'wait':true").statusCode(200));
        tenant.limit("{'execSessions':1}");
        tenant.exec("b", "'command':['echo'],'wait':true").statusCode(403);
    }

    @Test
    void boundsImages() {
        tenant.limit("{'images':0}");
        assertThat(tenant.usage("images").<Integer>get("limit")).isZero();
    }

    @Test
    void triesWithoutDoing() {
        tenant.limit("{'runningContainers':1,'maxContainerCpus':1}");
        tenant.check("{'container':{" + SLEEP + "}}")
                .statusCode(200)
                .body("allowed", equalTo(true))
                .body("refusals.size()", equalTo(0));
        tenant.create("'name':'a'").statusCode(201);
        Response refused = tenant.create("'resources':{'cpus':2}").extract().response();
        tenant.check("{'container':{" + SLEEP + ",'resources':{'cpus':2}}}")
                .statusCode(200)
                .body("allowed", equalTo(false))
                .body("refusals.quota.resource", equalTo(List.of("maxContainerCpus", "runningContainers")))
                .body("refusals[0].code", equalTo("quota-exceeded"))
                .body("refusals[0].detail", equalTo(refused.path("detail")))
                .body("refusals[0].quota", equalTo(refused.path("quota")));
        tenant.check("{'container':{" + SLEEP + "},'start':false}")
                .statusCode(200)
                .body("allowed", equalTo(true));
        tenant.check("{'amounts':{'runningContainers':1,'cpus':64}}")
                .statusCode(200)
                .body("allowed", equalTo(false));
        tenant.check("{'amounts':{'containers':100}}").statusCode(200).body("allowed", equalTo(true));
        tenant.check("{'amounts':{'unicorns':1}}")
                .statusCode(400)
                .body("code", equalTo("unknown-field"))
                .body("errors.pointer", hasItem("/amounts/unicorns"));
        tenant.check("{}").statusCode(400);
        tenant.check("{'container':{'image':''}}").statusCode(400);
        assertThat(tenant.usage("containers").<Integer>get("used")).isEqualTo(1);
    }

    @Test
    void loweringBelowWhatIsInUseIsSaidAndStopsNewStartsOnly() {
        tenant.create("'name':'a'").statusCode(201);
        tenant.create("'name':'b'").statusCode(201);
        tenant.limit("{'runningContainers':1,'containers':10}")
                .body("over.size()", equalTo(1))
                .body("over[0].resource", equalTo("runningContainers"))
                .body("over[0].used", equalTo(2))
                .body("over[0].limit", equalTo(1))
                .body("over[0].message", containsString("1 above the limit"));
        tenant.container("a").body("state", equalTo("running"));
        tenant.create("'name':'c'").statusCode(403);
        tenant.createStopped("c");
    }

    @Test
    void aSpentPoolOfProcessesTakesNobodyIn() {
        tenant.limit("{'pids':2}");
        tenant.create("'name':'a'").statusCode(201);
        tenant.create("'name':'b'").statusCode(201);
        tenant.create("'name':'c'")
                .statusCode(403)
                .body("quota.resource", equalTo("pids"))
                .body("quota.used", equalTo(2));
        tenant.exec("a", "'command':['true'],'wait':true").statusCode(403).body("quota.resource", equalTo("pids"));
        tenant.check("{'container':{" + SLEEP + "}}")
                .statusCode(200)
                .body("refusals.quota.resource", equalTo(List.of("pids")));
        tenant.delete("b");
        tenant.create("'name':'c'").statusCode(201);
    }

    @Test
    void anOverdrawnPoolOfMemoryStartsNothingUntilItIsBackInBounds() {
        for (String name : List.of("a", "c", "d", "e", "f")) { // each has a MiB in use
            tenant.create("'name':'" + name + "'").statusCode(201);
        }
        tenant.limit("{'memory':'4MiB'}")
                .body("over.resource", equalTo(List.of("memory")))
                .body("over[0].message", containsString("nothing is killed for it"));
        tenant.create("'name':'b'")
                .statusCode(403)
                .body("quota.resource", equalTo("memory"))
                .body("quota.used", equalTo(5 << 20))
                .body("quota.limit", equalTo(4 << 20));
        tenant.delete("a");
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> tenant.create("'name':'b'").statusCode(201));
    }
}
