package io.berth.containers.health;

import static io.berth.testing.Api.CONTAINERS;
import static io.berth.testing.Api.admin;
import static io.berth.testing.Api.container;
import static io.berth.testing.Api.deleteContainers;
import static io.berth.testing.Api.json;
import static io.berth.testing.Api.sleeper;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import io.berth.contract.ContractValidator;
import io.berth.engine.FakeEngine;
import io.berth.testing.FakeEngineProfile;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The health of containers, from the API to the engine and back. */
@QuarkusTest
@TestProfile(FakeEngineProfile.class)
class HealthIT {

    /** Three checks at the shortest interval, and room for a slow machine. */
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    private final ContractValidator contract = new ContractValidator();

    @Inject
    FakeEngine engine;

    @AfterEach
    void deleteAll() {
        deleteContainers(engine);
    }

    @Test
    void tellsWhoIsHealthyAndWhoIsNot() {
        String good = sleeper("'healthcheck':{'command':['echo','well'],'interval':5,'retries':2}");
        String bad = sleeper("'healthcheck':{'command':['exit','3'],'interval':5,'retries':2}");
        String none = sleeper("'healthcheck':{'disabled':true}");
        container(good)
                .body("health.status", equalTo("starting"))
                .body("health.failingStreak", equalTo(0))
                .body("health.last", nullValue())
                .body("healthcheck.timeout", equalTo(30));
        await().atMost(PATIENCE).untilAsserted(() -> container(bad).body("health.status", equalTo("unhealthy")));
        Response unhealthy = admin().get(CONTAINERS + "/" + bad);
        contract.check("GET", CONTAINERS + "/" + bad, 200, "application/json", unhealthy.asString());
        unhealthy
                .then()
                .body("state", equalTo("running"))
                .body("health.failingStreak", equalTo(2))
                .body("health.last.exitCode", equalTo(3))
                .body("health.last.timedOut", equalTo(false));
        container(good).body("health.status", equalTo("healthy")).body("health.last.output", equalTo("well\n"));
        container(none).body("health", nullValue());

        Response listed = admin().get(CONTAINERS);
        contract.check("GET", CONTAINERS, 200, "application/json", listed.asString());
        listed.then()
                .body("items.health.status", hasItems("healthy", "unhealthy"))
                .body("items.findAll { it.health != null && it.health.last != null }", empty());
        admin().get(CONTAINERS + "?health=unhealthy").then().body("items.id", contains(bad));
        admin().get(CONTAINERS + "?health=unhealthy&health=healthy").then().body("items.id", contains(bad, good));
        admin().get(CONTAINERS + "?health=starting").then().body("items", empty());
        admin().get(CONTAINERS + "?health=fine").then().statusCode(400).body("errors[0].pointer", equalTo("?health"));

        await().untilAsserted(() -> events(bad)
                .body("items.findAll { it.type == 'container.healthChanged' }.data.health", contains("unhealthy")));
        events(good).body("items.findAll { it.type == 'container.healthChanged' }.data.health", contains("healthy"));
        // a check is nobody's exec
        events(good).body("items.type", not(hasItem("exec.started")));
        admin().get(CONTAINERS + "/" + good + "/execs").then().body("items", empty());
        admin().get("/api/v1/tenants/default/audit?object=" + good)
                .then()
                .body("items.action", not(hasItem("createExec")));
    }

    @Test
    void endsWithTheRunAndBeginsAnewWithTheNext() {
        String id = sleeper("'healthcheck':{'command':['true'],'interval':5}");
        await().atMost(PATIENCE).untilAsserted(() -> container(id).body("health.status", equalTo("healthy")));
        admin().post(CONTAINERS + "/" + id + "/pause").then().body("health.status", equalTo("healthy"));
        admin().post(CONTAINERS + "/" + id + "/resume").then().body("health.status", equalTo("healthy"));
        admin().post(CONTAINERS + "/" + id + "/stop").then().body("health", nullValue());
        admin().get(CONTAINERS + "?health=healthy").then().body("items", empty());
        admin().post(CONTAINERS + "/" + id + "/start").then().body("health.status", equalTo("starting"));
    }

    @Test
    void killsACheckWhoseTimeIsOverAndBearsOneThatCannotRun() {
        String hanging = sleeper("'healthcheck':{'command':['sleep'],'interval':5,'timeout':1,'retries':1}");
        String wrong = sleeper("'healthcheck':{'command':['no-such-thing'],'interval':5,'retries':1}");
        await().atMost(PATIENCE)
                .untilAsserted(() -> container(hanging)
                        .body("health.status", equalTo("unhealthy"))
                        .body("health.last.timedOut", equalTo(true)));
        await().atMost(PATIENCE)
                .untilAsserted(() -> container(wrong)
                        .body("health.status", equalTo("unhealthy"))
                        .body("health.last.exitCode", nullValue())
                        .body("health.last.output", notNullValue()));
    }

    @Test
    void usesTheImagesCheckUnlessToldOtherwise() {
        json("{'image':'checked','command':['sleep','9']}")
                .post(CONTAINERS)
                .then()
                .statusCode(201)
                .body("healthcheck.command", contains("true"))
                .body("healthcheck.interval", equalTo(6))
                .body("healthcheck.retries", equalTo(2))
                .body("health.status", equalTo("starting"));
        json("{'image':'checked','command':['sleep','9'],'healthcheck':{'disabled':true}}")
                .post(CONTAINERS)
                .then()
                .statusCode(201)
                .body("healthcheck.disabled", equalTo(true))
                .body("health", nullValue());
        json("{'image':'busybox','healthcheck':{'interval':'10s'}}")
                .post(CONTAINERS)
                .then()
                .statusCode(400)
                .body("errors[0].pointer", equalTo("/healthcheck/command"));
    }

    private static ValidatableResponse events(String id) {
        return admin().get("/api/v1/tenants/default/events?since=oldest&object=" + id)
                .then();
    }
}
