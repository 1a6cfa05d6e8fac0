package io.berth.containers;

import static io.berth.testing.Api.CONTAINERS;
import static io.berth.testing.Api.admin;
import static io.berth.testing.Api.container;
import static io.berth.testing.Api.deleteContainers;
import static io.berth.testing.Api.json;
import static io.berth.testing.Api.sleeper;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import io.berth.contract.ContractValidator;
import io.berth.engine.ContainerId;
import io.berth.engine.FakeEngine;
import io.berth.testing.FakeEngineProfile;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What becomes of a container that nobody uses. */
@QuarkusTest
@TestProfile(FakeEngineProfile.class)
class IdleStopIT {

    /** The shortest there is, and room for a slow machine. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Inject
    FakeEngine engine;

    @AfterEach
    void deleteAll() {
        deleteContainers(engine);
    }

    @Test
    void stopsItWhateverItsRestartPolicyAndSaysWhy() {
        String id = sleeper("'restartPolicy':{'name':'always'},'idleTimeout':'10s'");
        container(id)
                .body("idleTimeout", equalTo(10))
                .body("idleSince", notNullValue())
                .body("stopReason", nullValue());
        Response stopped = awaitStopped(id);
        new ContractValidator().check("GET", CONTAINERS + "/" + id, 200, "application/json", stopped.asString());
        stopped.then()
                .body("desiredState", equalTo("stopped"))
                .body("stopReason", equalTo("idle"))
                .body("idleSince", nullValue());
        Instant began = Instant.parse(stopped.path("startedAt"));
        assertThat(Instant.parse(stopped.path("finishedAt"))).isAfterOrEqualTo(began.plusSeconds(10));
        await().untilAsserted(() -> admin().get("/api/v1/tenants/default/events?since=oldest&object=" + id)
                .then()
                .body("items.findAll { it.type == 'container.stopped' }.data.reason", hasItem("idle")));
        await().untilAsserted(() -> admin().get("/api/v1/tenants/default/audit?object=" + id)
                .then()
                .body("items.action", hasItem("container.idleStop"))
                .body("items.find { it.action == 'container.idleStop' }.outcome", equalTo("success")));
        // started again it is as good as new
        admin().post(CONTAINERS + "/" + id + "/start")
                .then()
                .statusCode(200)
                .body("state", equalTo("running"))
                .body("stopReason", nullValue())
                .body("idleSince", notNullValue());
    }

    @Test
    void stopsOneWithAForgottenShell() {
        String id = sleeper("'idleTimeout':10");
        String since = container(id).extract().path("idleSince");
        json("{'command':['cat'],'tty':true}")
                .post(CONTAINERS + "/" + id + "/execs")
                .then()
                .statusCode(201);
        assertThat(Instant.parse(container(id).extract().path("idleSince"))).isAfter(Instant.parse(since));
        awaitStopped(id);
    }

    @Test
    void deletesOneThatRemovesItself() {
        String id = sleeper("'autoRemove':true,'idleTimeout':10");
        await().atMost(PATIENCE)
                .untilAsserted(() -> admin().get(CONTAINERS + "/" + id).then().statusCode(404));
    }

    @Test
    void leavesAloneWhatIsUsedOrPausedOrHasNoSuchTimeout() {
        String paused = sleeper("'idleTimeout':10");
        admin().post(CONTAINERS + "/" + paused + "/pause").then().statusCode(200);
        String looked = sleeper("'idleTimeout':10");
        String plain = sleeper("'idleTimeout':null");
        String waited = sleeper("'idleTimeout':10");
        json("{'command':['sleep'],'wait':true,'timeout':5}")
                .post(CONTAINERS + "/" + waited + "/execs")
                .then()
                .statusCode(200);
        await().atMost(PATIENCE).untilAsserted(() -> {
            // looking is no use
            admin().get(CONTAINERS + "/" + looked + "/stats");
            container(looked).body("state", equalTo("stopped"));
        });
        container(waited).body("state", equalTo("running")).body("idleSince", notNullValue());
        container(paused).body("state", equalTo("paused")).body("idleSince", nullValue());
        container(plain).body("state", equalTo("running")).body("idleSince", nullValue());
        awaitStopped(waited);
        container(paused).body("state", equalTo("paused"));
    }

    @Test
    void isNotPutOffByARestartOfItsPolicyButByARequest() {
        String crashing = sleeper("'restartPolicy':{'name':'always'},'idleTimeout':10");
        String since = container(crashing).extract().path("idleSince");
        engine.end(new ContainerId(crashing), 1);
        await().untilAsserted(() -> container(crashing)
                .body("restartCount", equalTo(1))
                .body("state", equalTo("running"))
                .body("idleSince", equalTo(since)));
        admin().post(CONTAINERS + "/" + crashing + "/start").then().statusCode(200);
        assertThat(Instant.parse(container(crashing).extract().path("idleSince")))
                .isAfter(Instant.parse(since));
    }

    private static Response awaitStopped(String id) {
        await().atMost(PATIENCE).untilAsserted(() -> container(id).body("state", equalTo("stopped")));
        return admin().get(CONTAINERS + "/" + id);
    }
}
