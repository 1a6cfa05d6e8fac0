package io.berth.webhooks;

import static io.berth.testing.Api.admin;
import static io.berth.testing.Api.json;
import static io.berth.webhooks.Hooks.HOOKS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;

import io.berth.common.Ids;
import io.berth.events.EventLog;
import io.berth.tenants.TenantId;
import io.berth.testing.FakeEngineProfile;
import io.berth.webhooks.store.DeliveryRepository;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.ResultSet;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Webhooks over HTTP, and what receivers get. */
@QuarkusTest
@TestProfile(FakeEngineProfile.class)
class WebhooksIT {

    @Inject
    EventLog log;

    @Inject
    DataSource database;

    @Inject
    DeliveryRepository deliveries;

    @AfterEach
    void deleteAll() {
        Hooks.deleteAll();
    }

    @Test
    void deliversSignedEventsOfTheTypesThatAreWanted() throws Exception {
        try (Receiver receiver = new Receiver(n -> 204)) {
            ValidatableResponse made = json("{'url':'" + receiver.url()
                            + "','types':['thing.*','tenant.quotaChanged'],'description':'mine'}")
                    .post(HOOKS)
                    .then()
                    .statusCode(201)
                    .header("Location", containsString(HOOKS + "/whk_"))
                    .header("ETag", equalTo("\"0\""))
                    .body("enabled", equalTo(true))
                    .body("secret", startsWith("whsec_"));
            String id = made.extract().path("id");
            String secret = made.extract().path("secret");
            tell("default", "other.made");
            for (int i = 0; i < 5; i++) {
                tell("default", "thing.made");
            }
            await().until(() -> receiver.requests.size() == 5);
            for (Receiver.Request request : receiver.requests) {
                assertThat(request.path()).isEqualTo("/hook?a=b");
                assertThat(request.body()).contains("\"type\":\"thing.made\"", "\"id\":\"" + request.id() + "\"");
                assertThat(request.signature()).isEqualTo(request.signatureWith(secret));
            }
            assertThat(receiver.requests).extracting(Receiver.Request::id).doesNotHaveDuplicates();

            admin().get(HOOKS + "/" + id)
                    .then()
                    .body("secret", nullValue())
                    .body("types", equalTo(List.of("thing.*", "tenant.quotaChanged")));
            await().untilAsserted(() -> admin().get(HOOKS + "/" + id + "/deliveries?status=succeeded&limit=3")
                    .then()
                    .statusCode(200)
                    .body("items.size()", equalTo(3))
                    .body("items[0].responseCode", equalTo(204))
                    .body("items[0].attempts", equalTo(1)));
            assertThat(isStored(secret)).isFalse();
        }
    }

    @Test
    void makesOneForAnIdempotencyKeyAndShowsItsSecretOnce() throws Exception {
        try (Receiver receiver = new Receiver(n -> 204)) {
            String body = "{'url':'" + receiver.url() + "'}";
            String id = json(body)
                    .header("Idempotency-Key", "hook-1")
                    .post(HOOKS)
                    .then()
                    .statusCode(201)
                    .body("secret", startsWith("whsec_"))
                    .extract()
                    .path("id");
            json(body)
                    .header("Idempotency-Key", "hook-1")
                    .post(HOOKS)
                    .then()
                    .statusCode(201)
                    .header("Idempotency-Replayed", "true")
                    .body("id", equalTo(id))
                    .body("secret", nullValue());
            admin().get(HOOKS).then().body("items.size()", equalTo(1));
        }
    }

    @Test
    void triesAgainUntilItArrivesAndThenOnlyWhenAsked() throws Exception {
        try (Receiver receiver = new Receiver(n -> n < 2 ? 500 : 200)) {
            String id = Hooks.make(receiver.url());
            tell("default", "thing.made");
            await().until(() -> receiver.requests.size() == 3);
            assertThat(receiver.requests)
                    .extracting(Receiver.Request::id)
                    .containsOnly(receiver.requests.get(0).id());
            String path = HOOKS + "/" + id + "/deliveries";
            await().untilAsserted(() -> admin().get(path)
                    .then()
                    .body("items[0].status", equalTo("succeeded"))
                    .body("items[0].attempts", equalTo(3)));
            String delivery = admin().get(path).then().extract().path("items[0].id");
            admin().post(path + "/" + delivery + "/redeliver").then().statusCode(202);
            await().until(() -> receiver.requests.size() == 4);
            admin().post(HOOKS + "/" + id + "/ping").then().statusCode(202).body("eventType", equalTo("webhook.ping"));
            await().until(() -> receiver.requests.size() == 5);
            assertThat(receiver.requests.get(4).body()).contains("webhook.ping");
        }
    }

    @Test
    void disablesWhatNothingArrivesAtAndTellsIt() throws Exception {
        try (Receiver receiver = new Receiver(n -> 302)) {
            String id = Hooks.make(receiver.url());
            tell("default", "thing.made");
            await().untilAsserted(() -> admin().get(HOOKS + "/" + id)
                    .then()
                    .body("enabled", equalTo(false))
                    .body("disabledReason", containsString("redirects are not followed")));
            assertThat(receiver.requests).extracting(Receiver.Request::path).containsOnly("/hook?a=b");
            assertThat(receiver.requests.size()).isBetween(2, 20);
            admin().get("/api/v1/tenants/default/events?type=webhook.disabled&object=" + id)
                    .then()
                    .body("items.size()", equalTo(1));
            admin().get(HOOKS + "/" + id + "/deliveries")
                    .then()
                    .body("items[0].status", equalTo("failed"))
                    .body("items[0].responseCode", equalTo(302));
            admin().contentType("application/merge-patch+json")
                    .body("{\"enabled\":true}")
                    .patch(HOOKS + "/" + id)
                    .then()
                    .statusCode(200)
                    .body("enabled", equalTo(true))
                    .body("disabledReason", nullValue());
        }
    }

    @Test
    void refusesMembersThatAreMissingWrongOrUnknown() {
        json("{}").post(HOOKS).then().statusCode(400).body("errors[0].pointer", equalTo("/url"));
        String url = "'url':'http://127.0.0.2/'";
        json("{" + url + ",'types':['*']}")
                .post(HOOKS)
                .then()
                .statusCode(400)
                .body("errors[0].pointer", equalTo("/types"));
        json("{" + url + ",'secret':'whsec_eA=='}")
                .post(HOOKS)
                .then()
                .statusCode(400)
                .body("detail", containsString("/secret"));
        json("{" + url + ",'headers':{}}").post(HOOKS).then().statusCode(400).body("code", equalTo("unknown-field"));
    }

    @Test
    void doesNotLetOneTenantsDeadReceiversDelayAnothers() throws Exception {
        TenantId other = new TenantId("neighbour");
        execute(
                "insert into tenant (name, display_name, group_id) values ('neighbour', 'N', 'neighbour') on conflict do nothing");
        try (Receiver dead = new Receiver(n -> -1);
                Receiver good = new Receiver(n -> 200)) {
            for (int i = 0; i < 12; i++) {
                Hooks.make(dead.url());
            }
            String theirs = "/api/v1/tenants/neighbour/webhooks";
            String id = json("{'url':'" + good.url() + "'}")
                    .post(theirs)
                    .then()
                    .statusCode(201)
                    .extract()
                    .path("id");
            for (int i = 0; i < 5; i++) {
                tell("default", "thing.made");
            }
            await().until(() -> !dead.requests.isEmpty());
            long begun = System.nanoTime();
            QuarkusTransaction.requiringNew().run(() -> log.append(other, "thing.made", "x", Map.of()));
            await().pollInterval(Duration.ofMillis(5)).until(() -> good.requests.size() == 1);
            long millis = (System.nanoTime() - begun) / 1_000_000;
            assertThat(millis).isLessThan(700);
            assertThat(dead.requests.size()).isLessThanOrEqualTo(8);
            admin().get(HOOKS + "/" + id).then().statusCode(404).body("code", equalTo("webhook-not-found"));
            admin().delete(theirs + "/" + id).then().statusCode(204);
        }
    }

    @Test
    void isEditedWithCare() throws Exception {
        try (Receiver receiver = new Receiver(n -> 200)) {
            String given = "whsec_" + Base64.getEncoder().encodeToString(new byte[32]);
            String id = json("{'url':'" + receiver.url() + "','secret':'" + given + "'}")
                    .post(HOOKS)
                    .then()
                    .statusCode(201)
                    .body("secret", equalTo(given))
                    .extract()
                    .path("id");
            String path = HOOKS + "/" + id;
            patch(path, "{\"types\":[\"image.created\"]}").statusCode(200).body("secret", nullValue());
            admin().header("If-Match", "\"0\"")
                    .contentType("application/merge-patch+json")
                    .body("{\"enabled\":false}")
                    .patch(path)
                    .then()
                    .statusCode(412);
            patch(path, "{\"secret\":null}").statusCode(200).body("secret", startsWith("whsec_"));
            patch(path, "{\"url\":\"http://127.0.0.1/\"}").statusCode(422);
            patch(path, "{\"id\":\"x\"}").statusCode(400);
            patch(path, "[]").statusCode(400);
            admin().get(path + "/deliveries/" + Ids.next("whd"))
                    .then()
                    .statusCode(404)
                    .body("code", equalTo("delivery-not-found"));
            admin().get(path + "/deliveries?status=x").then().statusCode(400);
            admin().get("/api/v1/tenants/default/webhooks/nothing").then().statusCode(404);
        }
    }

    @Test
    void boundsHowManyThereAreAndWhatIsKeptOfThem() throws Exception {
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            ids.add(Hooks.make("http://127.0.0.2:9/"));
        }
        json("{'url':'http://127.0.0.2:9/'}").post(HOOKS).then().statusCode(409).body("detail", containsString("20"));
        String id = ids.get(0);
        for (int i = 0; i < 5; i++) {
            admin().post(HOOKS + "/" + id + "/ping").then().statusCode(202);
        }
        await().untilAsserted(() -> admin().get(HOOKS + "/" + id + "/deliveries?status=failed")
                .then()
                .body("items.size()", equalTo(5)));
        deliveries.forget(Instant.now().minusSeconds(60), 2);
        admin().get(HOOKS + "/" + id + "/deliveries").then().body("items.size()", equalTo(2));
        deliveries.forget(Instant.now().plusSeconds(60), 2);
        admin().get(HOOKS + "/" + id + "/deliveries").then().body("items.size()", equalTo(0));
    }

    private static ValidatableResponse patch(String path, String body) {
        return admin().contentType("application/merge-patch+json")
                .body(body)
                .patch(path)
                .then();
    }

    private void tell(String tenant, String type) {
        QuarkusTransaction.requiringNew().run(() -> log.append(new TenantId(tenant), type, "x", Map.of()));
    }

    private boolean isStored(String secret) throws Exception {
        byte[] key = Base64.getDecoder().decode(secret.substring("whsec_".length()));
        try (Connection connection = database.getConnection();
                var select =
                        connection.prepareStatement("select count(*) from webhook where position(? in secret) > 0")) {
            select.setBytes(1, key);
            try (ResultSet row = select.executeQuery()) {
                row.next();
                return row.getInt(1) > 0;
            }
        }
    }

    private void execute(String sql) throws Exception {
        try (Connection connection = database.getConnection();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
