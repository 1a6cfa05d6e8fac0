package io.berth.tenancy;

import static io.berth.tenancy.TenantsIT.create;
import static io.berth.tenancy.TenantsIT.delete;
import static io.berth.tenancy.TenantsIT.path;
import static io.berth.tenancy.TenantsIT.run;
import static io.berth.testing.Api.admin;
import static io.berth.testing.Api.json;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;

import io.berth.engine.ContainerId;
import io.berth.engine.FakeEngine;
import io.berth.testing.FakeEngineProfile;
import io.berth.testing.FakeImages;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A suspended tenant: what runs is paused or stopped, nothing can be started, and resuming undoes just that. */
@QuarkusTest
@TestProfile(FakeEngineProfile.class)
class SuspensionIT {

    private static final String TENANT = "lender";

    @Inject
    FakeEngine engine;

    @Inject
    FakeImages images;

    @BeforeEach
    void createTenant() {
        create(TENANT);
    }

    @AfterEach
    void deleteTenant() {
        delete(TENANT);
    }

    private static void suspend(String mode) {
        json("{'suspended':true,'suspendMode':'" + mode + "'}")
                .patch(path(TENANT))
                .then()
                .statusCode(200)
                .body("suspended", equalTo(true))
                .body("suspendMode", equalTo(mode));
    }

    private static void resume() {
        json("{'suspended':false}").patch(path(TENANT)).then().statusCode(200).body("suspended", equalTo(false));
    }

    private static String container(String id) {
        return path(TENANT) + "/containers/" + id;
    }

    private static void awaitState(String id, String state) {
        await().untilAsserted(() -> admin().get(container(id)).then().body("state", equalTo(state)));
    }

    private static void expectState(String id, String state) {
        admin().get(container(id)).then().body("state", equalTo(state));
    }

    @Test
    void pausesWhatRunsAndContinuesJustThat() {
        String running = run(TENANT);
        String paused = run(TENANT);
        String stopped = run(TENANT);
        admin().post(container(paused) + "/pause").then().statusCode(200);
        json("{}").post(container(stopped) + "/kill").then().statusCode(200);
        suspend("pause");
        expectState(running, "paused");
        expectState(paused, "paused");
        expectState(stopped, "stopped");
        resume();
        expectState(running, "running");
        expectState(paused, "paused");
        expectState(stopped, "stopped");
    }

    @Test
    void stopsWhatLivesAndStartsJustThatAgain() {
        String running = run(TENANT);
        String paused = run(TENANT);
        String stopped = run(TENANT);
        admin().post(container(paused) + "/pause").then().statusCode(200);
        json("{}").post(container(stopped) + "/kill").then().statusCode(200);
        suspend("stop");
        awaitState(running, "stopped");
        awaitState(paused, "stopped");
        resume();
        awaitState(running, "running");
        awaitState(paused, "running");
        expectState(stopped, "stopped");
    }

    @Test
    void stopsWhatItHadPausedWhenItIsToldTo() {
        String id = run(TENANT);
        suspend("pause");
        suspend("stop");
        awaitState(id, "stopped");
        resume();
        awaitState(id, "running");
    }

    @Test
    void letsNothingBeStarted() {
        String id = run(TENANT);
        String stopped = run(TENANT);
        json("{}").post(container(stopped) + "/kill").then().statusCode(200);
        suspend("pause");
        refused(json("{'image':'busybox'}").post(path(TENANT) + "/containers"));
        refused(admin().post(container(stopped) + "/start"));
        refused(admin().post(container(id) + "/resume"));
        refused(json("{'command':['sh']}").post(container(id) + "/execs"));
        admin().get(path(TENANT) + "/containers").then().statusCode(200).body("items", hasSize(2));
    }

    private static void refused(Response response) {
        response.then().statusCode(403).body("code", equalTo("tenant-suspended"));
    }

    @Test
    void holdsRestartsUntilItIsResumed() {
        String id = run(TENANT, "'restartPolicy':{'name':'always'}");
        suspend("pause");
        engine.end(new ContainerId(id), 1);
        awaitState(id, "stopped");
        await().during(Duration.ofMillis(500)).untilAsserted(() -> expectState(id, "stopped"));
        resume();
        awaitState(id, "running");
    }

    @Test
    void letsTimesToLiveEnd() {
        String id = run(TENANT, "'ttl':2");
        suspend("pause");
        await().untilAsserted(() -> admin().get(container(id)).then().statusCode(404));
        resume();
    }

    @Test
    void holdsACreateThatWasUnderWay() {
        json("{'image':'slow/thing'}")
                .header("Prefer", "respond-async")
                .post(path(TENANT) + "/containers")
                .then()
                .statusCode(202);
        suspend("stop");
        images.arrive();
        await().during(Duration.ofMillis(300))
                .untilAsserted(
                        () -> admin().get(path(TENANT) + "/containers").then().body("items", hasSize(0)));
        resume();
    }
}
