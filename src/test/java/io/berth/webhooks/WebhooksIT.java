package io.berth.webhooks;

import static io.berth.testing.Api.admin;
import static io.berth.testing.Api.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;

import io.berth.common.Ids;
import io.berth.events.EventLog;
import io.berth.secrets.SecretBox;
import io.berth.tenants.TenantId;
import io.berth.testing.FakeEngineProfile;
import io.berth.webhooks.store.DeliveryRepository;
import io.berth.webhooks.store.WebhookRepository;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Webhooks over HTTP, to receivers on an address that is allowed, and to none that is not. */
@QuarkusTest
@TestProfile(FakeEngineProfile.class)
class WebhooksIT {

    private static final String HOOKS = "/api/v1/tenants/default/webhooks";

    @Inject
    EventLog log;

    @Inject
    DataSource database;

    @Inject
    SecretBox secrets;

    @Inject
    WebhookRepository webhooks;

    @Inject
    DeliveryRepository deliveries;

    @AfterEach
    void deleteAll() {
        List<String> ids = admin().get(HOOKS + "?limit=200").then().extract().path("items.id");
        ids.forEach(id -> admin().delete(HOOKS + "/" + id).then().statusCode(204));
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
                assertThat(request.signature()).isEqualTo(signature(secret, request));
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
            String id = hook(receiver.url());
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
            String id = hook(receiver.url());
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
    void refusesAddressesOfTheInside() {
        for (String host : List.of(
                "127.0.0.1",
                "[::1]",
                "169.254.169.254",
                "[::ffff:127.0.0.1]",
                "localhost",
                "LOCALHOST",
                "10.0.0.1",
                "0.0.0.0",
                "192.168.1.1",
                "[fe80::1]",
                "[fd00::1]",
                "[64:ff9b::7f00:1]",
                "127.0.0.3")) {
            for (String scheme : List.of("http", "https")) {
                json("{'url':'" + scheme + "://" + host + ":8080/hook'}")
                        .post(HOOKS)
                        .then()
                        .statusCode(422)
                        .contentType("application/problem+json")
                        .body("code", equalTo("webhook-address-refused"))
                        .body("detail", containsString("allowed-private-addresses"));
            }
        }
    }

    @Test
    void refusesWhatIsNoAddressInOneWayOnly() {
        for (String url : List.of(
                "http://0177.0.0.1/",
                "http://2130706433/",
                "http://127.1/",
                "http://0x7f.0.0.1/",
                "http://0x7f000001/",
                "http://127.0.0.1./",
                "ftp://example.com/",
                "file:///etc/passwd",
                "http://",
                "http:///x",
                "//example.com",
                "http://user:pw@example.com/",
                "http://example.com/#x",
                "http://example.com:0/",
                "http://example.com:70000/",
                "http://exa mple.com/",
                "",
                "x",
                "http://" + "a".repeat(3000))) {
            json("{'url':'" + url + "'}")
                    .post(HOOKS)
                    .then()
                    .statusCode(400)
                    .body("code", equalTo("validation-failed"))
                    .body("errors[0].pointer", equalTo("/url"));
        }
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
    void connectsToNoRefusedAddressThoughTheWebhookIsThere() throws Exception {
        try (ServerSocket inside = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            inside.setSoTimeout(1);
            // as if the name had resolved to another address when the webhook was made
            String id = Ids.next("whk");
            webhooks.insert(
                    new Webhook(
                            id,
                            TenantId.DEFAULT,
                            URI.create("http://localhost:" + inside.getLocalPort() + "/"),
                            List.of(),
                            "",
                            true,
                            null,
                            secrets.seal(new byte[32], "webhook:" + id),
                            null,
                            Instant.now(),
                            0),
                    100);
            admin().post(HOOKS + "/" + id + "/ping").then().statusCode(202);
            await().untilAsserted(() -> admin().get(HOOKS + "/" + id + "/deliveries")
                    .then()
                    .body("items[0].status", equalTo("failed"))
                    .body("items[0].error", containsString("no public address")));
            org.assertj.core.api.Assertions.assertThatThrownBy(inside::accept)
                    .isInstanceOf(java.net.SocketTimeoutException.class);
        }
    }

    @Test
    void doesNotLetOneTenantsDeadReceiversDelayAnothers() throws Exception {
        TenantId other = new TenantId("neighbour");
        execute(
                "insert into tenant (name, display_name, group_id) values ('neighbour', 'N', 'neighbour') on conflict do nothing");
        try (Receiver dead = new Receiver(n -> -1);
                Receiver good = new Receiver(n -> 200)) {
            for (int i = 0; i < 12; i++) {
                hook(dead.url());
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
            ids.add(hook("http://127.0.0.2:9/"));
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

    private static String hook(String url) {
        return json("{'url':'" + url + "','types':['thing.*']}")
                .post(HOOKS)
                .then()
                .statusCode(201)
                .extract()
                .path("id");
    }

    private void tell(String tenant, String type) {
        QuarkusTransaction.requiringNew().run(() -> log.append(new TenantId(tenant), type, "x", Map.of()));
    }

    private static String signature(String secret, Receiver.Request request) throws Exception {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(Base64.getDecoder().decode(secret.substring("whsec_".length())), "HmacSHA256"));
        String signed = request.id() + "." + request.timestamp() + "." + request.body();
        return "v1," + Base64.getEncoder().encodeToString(mac.doFinal(signed.getBytes(StandardCharsets.UTF_8)));
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
