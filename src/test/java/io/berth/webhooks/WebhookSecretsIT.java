package io.berth.webhooks;

import static io.berth.testing.Api.admin;
import static io.berth.testing.Api.json;
import static io.berth.webhooks.Hooks.HOOKS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import io.berth.secrets.SecretBox;
import io.berth.tenants.TenantId;
import io.berth.testing.FakeEngineProfile;
import io.berth.webhooks.store.WebhookRepository;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.nio.file.Files;
import java.nio.file.Path;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@QuarkusTest
@TestProfile(FakeEngineProfile.class)
class WebhookSecretsIT {

    @Inject
    WebhookSecrets secrets;

    @Inject
    WebhookRepository webhooks;

    private Receiver receiver;
    private String id;

    @BeforeEach
    void make() throws Exception {
        receiver = new Receiver(n -> 204);
        id = json("{'url':'" + receiver.url() + "'}")
                .post(HOOKS)
                .then()
                .statusCode(201)
                .extract()
                .path("id");
    }

    @AfterEach
    void delete() throws Exception {
        admin().delete(HOOKS + "/" + id).then().statusCode(204);
        receiver.close();
    }

    @Test
    void areSealedAnewWhenTheKeyIsReplaced(@TempDir Path directory) throws Exception {
        byte[] before = secrets.open(stored()).bytes();
        Path file = Path.of(ConfigProvider.getConfig().getValue("berth.data-dir", String.class), "secret.key");
        Path both = directory.resolve("secret.key");
        SecretBox.open(both);
        Files.writeString(both, Files.readString(both) + Files.readString(file));
        SecretBox rotated = SecretBox.open(both);
        assertThat(secrets.sealAnew(rotated)).isPositive();
        assertThat(secrets.sealAnew(rotated)).isZero();
        assertThat(rotated.isCurrent(stored().sealedSecret())).isTrue();
        // back again, for the other tests
        Files.writeString(both, Files.readString(file) + Files.readString(both));
        assertThat(secrets.sealAnew(SecretBox.open(both))).isPositive();
        assertThat(secrets.open(stored()).bytes()).isEqualTo(before);
    }

    @Test
    void thatCannotBeOpenedAreTheDeliverysFailure() {
        var sealed = new WebhookRepository.SealedSecret(id, stored().sealedSecret());
        assertThat(webhooks.replaceSecret(sealed, new byte[64])).isTrue();

        admin().post(HOOKS + "/" + id + "/ping").then().statusCode(202);

        await().untilAsserted(() -> admin().get(HOOKS + "/" + id + "/deliveries")
                .then()
                .body("items[0].status", equalTo("failed"))
                .body("items[0].attempts", equalTo(1))
                .body("items[0].error", containsString("a stored secret cannot be opened")));
        assertThat(receiver.requests).isEmpty();
    }

    private Webhook stored() {
        return webhooks.find(TenantId.DEFAULT, id).orElseThrow();
    }
}
