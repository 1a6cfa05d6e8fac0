package io.berth.webhooks;

import static io.berth.testing.Api.admin;
import static io.berth.testing.Api.json;
import static io.berth.webhooks.Hooks.HOOKS;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import io.berth.common.Ids;
import io.berth.secrets.SecretBox;
import io.berth.tenants.TenantId;
import io.berth.testing.FakeEngineProfile;
import io.berth.webhooks.store.WebhookRepository;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Which addresses webhooks may have: one is refused when it is given, and again when it is connected to. */
@QuarkusTest
@TestProfile(FakeEngineProfile.class)
class WebhookAddressesIT {

    @Inject
    SecretBox secrets;

    @Inject
    WebhookRepository webhooks;

    @AfterEach
    void deleteAll() {
        Hooks.deleteAll();
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
            assertThatThrownBy(inside::accept).isInstanceOf(SocketTimeoutException.class);
        }
    }
}
