package io.berth.containers;

import static io.berth.testing.Api.CONTAINERS;
import static io.berth.testing.Api.admin;
import static io.berth.testing.Api.deleteContainers;
import static io.berth.testing.Api.json;
import static io.berth.testing.Api.sleeper;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.notNullValue;

import io.berth.engine.ContainerId;
import io.berth.engine.EngineException.Reason;
import io.berth.engine.FakeEngine;
import io.berth.testing.FakeEngineProfile;
import io.berth.testing.FakeImages;
import io.berth.testing.Race;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(FakeEngineProfile.class)
class ContainersIT {

    @Inject
    FakeEngine engine;

    @Inject
    FakeImages images;

    @AfterEach
    void deleteAll() {
        deleteContainers(engine);
    }

    @Test
    void createsARunningContainer() {
        json("{'image':'busybox','name':'web','command':['sleep','1000'],'labels':{'app':'web'},"
                        + "'resources':{'cpus':0.5,'memory':'64MiB'},'stopTimeout':'5s'}")
                .post(CONTAINERS)
                .then()
                .statusCode(201)
                .header("Location", matchesPattern("http://.*" + CONTAINERS + "/ctr_[0-9a-z]{26}"))
                .header("ETag", notNullValue())
                .header("X-Request-Id", notNullValue())
                .body("name", equalTo("web"))
                .body("state", equalTo("running"))
                .body("imageDigest", equalTo(FakeImages.DIGEST.toString()))
                .body("resources.memory", equalTo(64 << 20))
                .body("resources.pids", equalTo(4096))
                .body("stopTimeout", equalTo(5))
                .body("timings.total", notNullValue());
        admin().get(CONTAINERS + "/web").then().statusCode(200).body("state", equalTo("running"));
    }

    @Test
    void showsAllPhasesOfItsStartFromThenOn() {
        Response created = json("{'image':'busybox','command':['sleep','9']}").post(CONTAINERS);
        Map<String, Float> phases = created.path("timings");
        assertThat(phases).containsKeys("admit", "insert", "start", "save", "total");
        String path = CONTAINERS + "/" + created.path("id");
        assertThat(admin().get(path).<Map<String, Float>>path("timings")).isEqualTo(phases);
        // each change is stored with what is there before it
        admin().post(path + "/pause").then().statusCode(200).body("timings", equalTo(phases));
        assertThat(admin().get(path).<Map<String, Float>>path("timings")).isEqualTo(phases);
    }

    @Test
    void onlyCreatesWhenToldNotToStart() {
        String id = json("{'image':'busybox','command':['sleep','9']}")
                .post(CONTAINERS + "?start=false")
                .then()
                .statusCode(201)
                .body("state", equalTo("created"))
                .extract()
                .path("id");
        admin().post(CONTAINERS + "/" + id + "/start").then().statusCode(200).body("state", equalTo("running"));
    }

    @Test
    void leavesNothingWhenAnyStepFails() {
        for (String step : List.of("create", "start")) {
            engine.failNext(step, Reason.INTERNAL);
            json("{'image':'busybox','name':'doomed','command':['sleep','9']}")
                    .post(CONTAINERS)
                    .then()
                    .statusCode(500)
                    .contentType("application/problem+json")
                    .body("code", equalTo("internal"));
            assertThat(engine.list()).isEmpty();
            admin().get(CONTAINERS + "/doomed").then().statusCode(404);
        }
    }

    @Test
    void explainsACommandThatDoesNotExist() {
        json("{'image':'busybox','command':['no-such-thing']}")
                .post(CONTAINERS)
                .then()
                .statusCode(422)
                .body("code", equalTo("command-not-found"));
        assertThat(engine.list()).isEmpty();
    }

    @Test
    void explainsAnImageThatDoesNotExist() {
        json("{'image':'nothing'}").post(CONTAINERS).then().statusCode(404).body("code", equalTo("image-not-found"));
        json("{'image':'missing/thing'}")
                .post(CONTAINERS)
                .then()
                .statusCode(404)
                .body("code", equalTo("image-not-found"));
    }

    @Test
    void refusesANameThatIsTaken() {
        json("{'image':'busybox','name':'one'}").post(CONTAINERS).then().statusCode(201);
        json("{'image':'busybox','name':'one'}")
                .post(CONTAINERS)
                .then()
                .statusCode(409)
                .body("code", equalTo("name-taken"));
        assertThat(engine.list()).hasSize(1);
    }

    @Test
    void onlyOneOfManyGetsAName() throws Exception {
        List<Integer> statuses = Race.of(
                8,
                () -> json("{'image':'busybox','name':'same','command':['sleep','9']}")
                        .post(CONTAINERS)
                        .statusCode());
        assertThat(statuses).containsOnlyOnce(201);
        assertThat(statuses.stream().filter(status -> status != 201)).allMatch(status -> status == 409);
        assertThat(engine.list()).hasSize(1);
    }

    @Test
    void namesEveryBadField() {
        json("{'image':'busybox','name':'Bad Name','resources':{'cpus':-1,'memory':'1B','pids':0},"
                        + "'tmpfs':{'/proc/x':'1MiB'},'capabilities':{'add':['SYS_ADMIN']}}")
                .post(CONTAINERS)
                .then()
                .statusCode(400)
                .body("code", equalTo("validation-failed"))
                .body(
                        "errors.pointer",
                        hasItems(
                                "/name",
                                "/resources/cpus",
                                "/resources/memory",
                                "/resources/pids",
                                "/tmpfs/~1proc~1x",
                                "/capabilities/add/0"));
    }

    @Test
    void answersACreateThatTakesLongerWithAnOperation() {
        String operation = json("{'image':'slow/app','name':'later','command':['sleep','9']}")
                .post(CONTAINERS)
                .then()
                .statusCode(202)
                .header("Location", containsString("/api/v1/operations/op_"))
                .body("status", equalTo("running"))
                .extract()
                .path("id");
        images.arrive();
        admin().get("/api/v1/operations/" + operation + "?wait=10")
                .then()
                .statusCode(200)
                .body("status", equalTo("succeeded"))
                .body("result", containsString("/containers/ctr_"));
        admin().get(CONTAINERS + "/later").then().statusCode(200).body("state", equalTo("running"));
    }

    @Test
    void cancelsAnOperation() {
        String operation = json("{'image':'slow/app'}")
                .header("Prefer", "respond-async")
                .post(CONTAINERS)
                .then()
                .statusCode(202)
                .extract()
                .path("id");
        admin().delete("/api/v1/operations/" + operation).then().statusCode(200);
        admin().get("/api/v1/operations/" + operation + "?wait=10").then().body("status", equalTo("cancelled"));
        admin().get(CONTAINERS).then().body("items", hasSize(0));
    }

    @Test
    void stopsBySignalAndByKillWhenThatIsIgnored() {
        String polite = sleeper();
        admin().post(CONTAINERS + "/" + polite + "/stop")
                .then()
                .statusCode(200)
                .body("state", equalTo("stopped"))
                .body("exitCode", equalTo(143));
        String stubborn = json("{'image':'busybox','command':['trap','10','3']}")
                .post(CONTAINERS)
                .then()
                .extract()
                .path("id");
        admin().post(CONTAINERS + "/" + stubborn + "/stop?timeout=0")
                .then()
                .statusCode(200)
                .body("exitCode", equalTo(137));
    }

    @Test
    void killsByNameAndByNumber() {
        for (String signal : List.of("9", "'9'", "'SIGKILL'")) {
            json("{'signal':" + signal + "}")
                    .post(CONTAINERS + "/" + sleeper() + "/kill")
                    .then()
                    .statusCode(200)
                    .body("state", equalTo("stopped"));
        }
        json("{'signal':65}")
                .post(CONTAINERS + "/" + sleeper() + "/kill")
                .then()
                .statusCode(400);
    }

    @Test
    void killsWhileAStopIsWaiting() throws Exception {
        String stubborn = json("{'image':'busybox','command':['trap','10','3']}")
                .post(CONTAINERS)
                .then()
                .extract()
                .path("id");
        ExecutorService executor = Executors.newSingleThreadExecutor();
        try {
            Future<Integer> stop =
                    executor.submit(() -> admin().post(CONTAINERS + "/" + stubborn + "/stop?timeout=3000")
                            .path("exitCode"));
            await().untilAsserted(() ->
                    admin().get(CONTAINERS + "/" + stubborn).then().body("desiredState", equalTo("stopped")));
            json("{}").post(CONTAINERS + "/" + stubborn + "/kill").then().statusCode(200);
            assertThat(stop.get()).isEqualTo(137);
        } finally {
            executor.shutdownNow();
        }
    }

    @Test
    void pausesAndResumes() {
        String id = sleeper();
        admin().post(CONTAINERS + "/" + id + "/pause").then().statusCode(200).body("state", equalTo("paused"));
        admin().post(CONTAINERS + "/" + id + "/start").then().statusCode(409).body("code", equalTo("wrong-state"));
        admin().post(CONTAINERS + "/" + id + "/resume").then().statusCode(200).body("state", equalTo("running"));
        admin().post(CONTAINERS + "/" + id + "/resume").then().statusCode(200);
    }

    @Test
    void survivesCommandsRacedOnOneContainer() throws Exception {
        String id = sleeper();
        List<String> commands = List.of("start", "pause", "resume", "stop?timeout=0", "restart?timeout=0");
        Race.of(20, () -> {
            String command = commands.get((int) (Thread.currentThread().getId() % commands.size()));
            int status = admin().post(CONTAINERS + "/" + id + "/" + command).statusCode();
            assertThat(status).isIn(200, 409);
            return status;
        });
        String state = admin().get(CONTAINERS + "/" + id).then().extract().path("state");
        assertThat(state).isIn("running", "paused", "stopped");
        assertThat(engine.list()).hasSize(1);
    }

    @Test
    void waitsForTheEnd() throws Exception {
        String id = sleeper();
        ExecutorService executor = Executors.newSingleThreadExecutor();
        try {
            Future<Integer> exit = executor.submit(() ->
                    admin().get(CONTAINERS + "/" + id + "/wait?timeout=30").path("container.exitCode"));
            engine.end(new ContainerId(id), 5);
            assertThat(exit.get()).isEqualTo(5);
        } finally {
            executor.shutdownNow();
        }
        admin().get(CONTAINERS + "/" + id + "/wait?condition=running&timeout=0")
                .then()
                .body("conditionMet", equalTo(false));
    }

    @Test
    void deletesARunningContainerOnlyByForce() {
        String id = sleeper();
        admin().delete(CONTAINERS + "/" + id).then().statusCode(409).body("detail", containsString("force=true"));
        admin().delete(CONTAINERS + "/" + id + "?force=true").then().statusCode(204);
        admin().get(CONTAINERS + "/" + id).then().statusCode(404).body("code", equalTo("container-not-found"));
    }

    @Test
    void editsLimitsAndLabelsByMergePatch() {
        String id = sleeper();
        String tag = admin().get(CONTAINERS + "/" + id).header("ETag");
        admin().contentType("application/merge-patch+json")
                .header("If-Match", tag)
                .body("{\"labels\":{\"tier\":\"gold\"},\"resources\":{\"memory\":\"128MiB\"}}")
                .patch(CONTAINERS + "/" + id)
                .then()
                .statusCode(200)
                .body("labels.tier", equalTo("gold"))
                .body("resources.memory", equalTo(128 << 20))
                .body("resources.pids", equalTo(4096));
        admin().contentType("application/merge-patch+json")
                .header("If-Match", tag)
                .body("{\"labels\":{\"tier\":null}}")
                .patch(CONTAINERS + "/" + id)
                .then()
                .statusCode(412);
        admin().contentType("application/merge-patch+json")
                .body("{\"image\":\"other\"}")
                .patch(CONTAINERS + "/" + id)
                .then()
                .statusCode(400)
                .body("errors.pointer", hasItem("/image"));
    }

    @Test
    void listsInPagesAndByFilter() {
        for (int i = 0; i < 5; i++) {
            json("{'image':'busybox','command':['sleep','9'],'name':'n" + i + "','labels':{'parity':'" + i % 2 + "'}}")
                    .post(CONTAINERS)
                    .then()
                    .statusCode(201);
        }
        var first = admin().get(CONTAINERS + "?limit=3&label=parity=0&label=parity=1")
                .then();
        first.statusCode(400);
        var page = admin().get(CONTAINERS + "?limit=3").then().statusCode(200).body("items", hasSize(3));
        page.header("Link", matchesPattern("</api/v1/.*cursor=.*>; rel=\"next\""));
        String next = page.extract().path("next");
        admin().queryParam("cursor", next)
                .get(CONTAINERS + "?limit=3")
                .then()
                .body("items.name", equalTo(List.of("n1", "n0")));
        admin().get(CONTAINERS + "?label=parity=1").then().body("items.name", equalTo(List.of("n3", "n1")));
        admin().get(CONTAINERS + "?q=n4&state=running").then().body("items.name", equalTo(List.of("n4")));
        admin().get(CONTAINERS + "?cursor=nonsense").then().statusCode(400).body("code", equalTo("invalid-cursor"));
        admin().get(CONTAINERS + "?limit=201").then().statusCode(400);
    }

    @Test
    void readsTheLogAsTextLinesAndEvents() {
        String id = json("{'image':'busybox','command':['echo','hello','log']}")
                .post(CONTAINERS)
                .then()
                .extract()
                .path("id");
        admin().get(CONTAINERS + "/" + id + "/wait?timeout=10");
        String logs = CONTAINERS + "/" + id + "/logs";
        admin().accept("text/plain")
                .get(logs + "?follow=true")
                .then()
                .statusCode(200)
                .body(equalTo("hello log\n"));
        admin().accept("application/x-ndjson")
                .get(logs)
                .then()
                .statusCode(200)
                .body(containsString("\"text\":\"hello log\""));
        admin().accept("text/event-stream")
                .get(logs)
                .then()
                .statusCode(200)
                .body(matchesPattern("id:\\S+\nevent:log\ndata:\\{.*\"text\":\"hello log\".*\\}\n\n"));
        admin().get(logs + "?tail=-1").then().statusCode(400);
        admin().get(logs + "?cursor=nonsense").then().statusCode(400).body("code", equalTo("invalid-cursor"));
    }

    @Test
    void measuresWhatRuns() {
        String id = sleeper();
        admin().get(CONTAINERS + "/" + id + "/stats").then().statusCode(200).body("pids", notNullValue());
        admin().get(CONTAINERS + "/" + id + "/processes").then().statusCode(200).body("processes", hasSize(1));
        admin().get(CONTAINERS + "/" + id + "/changes").then().statusCode(200).body("changes", hasSize(0));
        admin().post(CONTAINERS + "/" + id + "/stop");
        admin().get(CONTAINERS + "/" + id + "/stats").then().statusCode(409);
    }
}
