package io.berth.events;

import static io.berth.testing.Api.CONTAINERS;
import static io.berth.testing.Api.admin;
import static io.berth.testing.Api.json;
import static io.berth.testing.Api.sleeper;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;

import io.berth.engine.EngineException.Reason;
import io.berth.engine.FakeEngine;
import io.berth.events.store.EventRepository;
import io.berth.tenants.TenantId;
import io.berth.testing.FakeEngineProfile;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What is told of changes, and how it is read afterwards. */
@QuarkusTest
@TestProfile(FakeEngineProfile.class)
class EventsIT {

    private static final String EVENTS = "/api/v1/tenants/default/events";

    @Inject
    FakeEngine engine;

    @Inject
    EventLog log;

    @Inject
    EventFeed feed;

    @Inject
    EventRepository repository;

    @Test
    void tellsTheLifeOfAContainer() {
        String id = sleeper();
        String path = CONTAINERS + "/" + id;
        for (String command : List.of("pause", "resume", "stop", "start")) {
            admin().post(path + "/" + command).then().statusCode(200);
        }
        admin().contentType("application/merge-patch+json")
                .body("{\"labels\":{\"a\":\"b\"}}")
                .patch(path)
                .then()
                .statusCode(200);
        admin().delete(path + "?force=true").then().statusCode(204);

        List<String> types = admin().get(EVENTS + "?object=" + id)
                .then()
                .statusCode(200)
                .body("items[0].tenant", equalTo("default"))
                .body("items[0].data.image", equalTo("busybox"))
                .body("items[4].data.exitCode", equalTo(143))
                .extract()
                .path("items.type");
        assertThat(types)
                .containsExactly(
                        "container.created",
                        "container.started",
                        "container.paused",
                        "container.resumed",
                        "container.stopped",
                        "container.started",
                        "container.updated",
                        "container.deleted");
    }

    @Test
    void tellsNothingOfAContainerThatCouldNotBeMade() {
        long before = feed.now();
        for (String step : List.of("create", "start")) {
            engine.failNext(step, Reason.INTERNAL);
            json("{'image':'busybox','command':['sleep','9']}")
                    .post(CONTAINERS)
                    .then()
                    .statusCode(500);
        }
        json("{'image':'busybox','command':['no-such-thing']}")
                .post(CONTAINERS)
                .then()
                .statusCode(422);
        admin().get(EVENTS + "?since=" + before + "&type=container.*").then().body("items", empty());
    }

    @Test
    void tellsExecs() {
        String id = sleeper();
        long before = feed.now();
        json("{'command':['true'],'wait':true}")
                .post(CONTAINERS + "/" + id + "/execs")
                .then()
                .statusCode(200);
        await().untilAsserted(() -> assertThat(admin().get(EVENTS + "?type=exec.*&since=" + before)
                        .then()
                        .extract()
                        .<List<String>>path("items.type"))
                .containsExactly("exec.started", "exec.ended"));
    }

    @Test
    void saysWhenACursorIsTooOldOrIsNone() {
        TenantId tenant = new TenantId("default");
        tell("old.one", "a");
        long cursor = feed.now() - 1;
        for (int i = 0; i < 5; i++) {
            tell("old.more", "b" + i);
        }
        feed.now();
        assertThat(repository.deleteSurplus(2)).isPositive();
        assertThat(repository.horizon(tenant)).isGreaterThan(cursor);
        for (String accept : List.of("application/json", "text/event-stream")) {
            admin().accept(accept)
                    .get(EVENTS + "?since=" + cursor)
                    .then()
                    .statusCode(410)
                    .body("code", equalTo("too-old"));
            admin().accept(accept)
                    .header("Last-Event-ID", "99999999999")
                    .get(EVENTS)
                    .then()
                    .statusCode(400)
                    .body("code", equalTo("invalid-cursor"));
        }
        admin().get(EVENTS + "?since=oldest").then().statusCode(200).body("items.size()", equalTo(2));
        for (String bad : List.of("since=x", "since=-1", "limit=0", "limit=201", "type=%2A", "type=A.b")) {
            admin().get(EVENTS + "?" + bad).then().statusCode(400);
        }
        admin().get("/api/v1/tenants/other/events").then().statusCode(404);
        admin().get("/api/v1/events?since=now").then().statusCode(200).body("items", empty());
    }

    @Test
    void tellsWhatBecomesOfATenantAndForgetsItWithIt() {
        String tenant = "/api/v1/tenants/fleeting";
        json("{'name':'fleeting'}").post("/api/v1/tenants").then().statusCode(201);
        for (String change : List.of("{\"displayName\":\"F\"}", "{\"suspended\":true}", "{\"suspended\":false}")) {
            admin().contentType("application/merge-patch+json")
                    .body(change)
                    .patch(tenant)
                    .then()
                    .statusCode(200);
        }
        json("{'pids':100}").put(tenant + "/quota").then().statusCode(200);
        assertThat(admin().get(tenant + "/events?type=tenant.*")
                        .then()
                        .extract()
                        .<List<String>>path("items.type"))
                .containsExactly("tenant.changed", "tenant.suspended", "tenant.resumed", "tenant.quotaChanged");
        admin().delete(tenant).then().statusCode(202);
        TenantId id = new TenantId("fleeting");
        await().untilAsserted(() -> assertThat(
                        repository.page(new EventFilter(id, Set.of(), Set.of()), 0, Long.MAX_VALUE, 1))
                .isEmpty());
    }

    @Test
    void pagesWithTheSameCursor() {
        String next = Long.toString(feed.now());
        for (int i = 0; i < 5; i++) {
            tell("page.x", "p" + i);
        }
        List<String> objects = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            var page = admin().get(EVENTS + "?type=page.x&limit=2&since=" + next)
                    .then()
                    .statusCode(200);
            objects.addAll(page.extract().path("items.object"));
            next = page.extract().path("next");
        }
        assertThat(objects).containsExactly("p0", "p1", "p2", "p3", "p4");
    }

    private void tell(String type, String object) {
        QuarkusTransaction.requiringNew().run(() -> log.append(TenantId.DEFAULT, type, object, Map.of("n", 1)));
    }
}
