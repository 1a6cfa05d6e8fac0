package io.berth.identity.oidc;

import static io.berth.testing.Api.admin;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.startsWith;

import io.berth.testing.Api;
import io.berth.testing.Browser;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import io.restassured.response.ValidatableResponse;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What becomes of sessions and tokens when a real Keycloak ends its session, or disables the user. */
@QuarkusTest
@TestProfile(KeycloakProfile.class)
class KeycloakLogoutIT {

    private static final Duration SOON = Duration.ofSeconds(20);
    private static final int UNAUTHENTICATED = 4401;

    private final Keycloak keycloak = Keycloak.running();

    @BeforeEach
    void tellBerth() {
        keycloak.setLogoutUrl("http://127.0.0.1:" + RestAssured.port + "/signin/oidc/backchannel-logout");
        // what ends sooner has another reason than the token
        keycloak.setTokenLife("berth", 600);
    }

    @AfterEach
    void asBefore() {
        keycloak.setLogoutUrl("");
        keycloak.setTokenLife("berth", 60);
        keycloak.setTokenLife("service", 60);
        Api.deleteContainers();
    }

    private Browser signedIn(String user) {
        Browser browser = new Browser();
        assertThat(keycloak.signIn(browser, user).status()).isEqualTo(200);
        me(browser).statusCode(200).body("name", equalTo(user));
        return browser;
    }

    private Browser signedInAsMember(String user) {
        Browser browser = signedIn(user);
        Api.json("{'role':'member'}")
                .put("/api/v1/tenants/default/members/" + user)
                .then()
                .statusCode(200);
        return browser;
    }

    private static ValidatableResponse me(Browser browser) {
        return given().cookie("berth-session", browser.cookie("berth-session"))
                .get("/api/v1/me")
                .then();
    }

    private static String session(Browser browser) {
        return given().cookie("berth-session", browser.cookie("berth-session"))
                .get("/api/v1/session")
                .path("id");
    }

    /** What the audit says of the end of a session; {@code null} if nobody told of it. */
    private static @Nullable Map<String, Object> end(String session) {
        return admin().get("/api/v1/audit?limit=100")
                .path("items.find { it.action == 'endSession' && it.object.id == '" + session + "' }");
    }

    @Test
    void aLogoutAtTheProviderEndsTheSessionAndItsStreamsAtOnce() {
        keycloak.addUser("frank");
        Browser browser = signedInAsMember("frank");
        String session = session(browser);
        CompletableFuture<Integer> closed = attach(browser, Api.sleeper());
        assertThat(closed).isNotDone();
        keycloak.logOut("frank");
        // Keycloak has told when it answers
        me(browser).statusCode(401).body("detail", startsWith("the session has ended"));
        assertThat(closed.orTimeout(SOON.toSeconds(), TimeUnit.SECONDS).join()).isEqualTo(UNAUTHENTICATED);
        assertThat(end(session))
                .containsEntry("credential", session)
                .containsEntry("details", Map.of("by", "provider"));
        signedIn("frank");
    }

    /** A terminal that is open; completes with the code it is closed with. */
    private static CompletableFuture<Integer> attach(Browser browser, String container) {
        CompletableFuture<Void> opened = new CompletableFuture<>();
        CompletableFuture<Integer> closed = new CompletableFuture<>();
        HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .header("Cookie", "berth-session=" + browser.cookie("berth-session"))
                .header("Origin", "http://127.0.0.1:" + RestAssured.port)
                .subprotocols("v5.channel.k8s.io")
                .buildAsync(
                        URI.create("ws://127.0.0.1:" + RestAssured.port + Api.CONTAINERS + "/" + container + "/attach"),
                        new WebSocket.Listener() {
                            @Override
                            public @Nullable CompletionStage<?> onBinary(
                                    WebSocket socket, ByteBuffer data, boolean last) {
                                opened.complete(null);
                                socket.request(1);
                                return null;
                            }

                            @Override
                            public @Nullable CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
                                closed.complete(code);
                                return null;
                            }
                        })
                .join();
        opened.orTimeout(SOON.toSeconds(), TimeUnit.SECONDS).join();
        return closed;
    }

    @Test
    void ofSeveralSessionsTheOneEndsThatWasEndedThere() {
        keycloak.addUser("grace");
        Browser one = signedIn("grace");
        List<String> first = keycloak.sessions("grace");
        Browser other = signedIn("grace");
        assertThat(first).hasSize(1);
        keycloak.endSession(first.get(0));
        me(one).statusCode(401);
        me(other).statusCode(200);
        keycloak.logOut("grace");
        me(other).statusCode(401);
    }

    @Test
    void aBearerTokenIsGoodUntilItLapsesWhateverBecomesOfItsSession() {
        keycloak.addUser("olivia");
        keycloak.setTokenLife("service", 8);
        String token = keycloak.token("olivia");
        bearer(token).statusCode(200);
        keycloak.logOut("olivia");
        keycloak.disable("olivia");
        bearer(token).statusCode(200);
        await().atMost(SOON).untilAsserted(() -> bearer(token).statusCode(401));
    }

    private static ValidatableResponse bearer(String token) {
        return given().header("Authorization", "Bearer " + token)
                .get("/api/v1/me")
                .then();
    }

    @Test
    void withoutBeingToldASessionEndsWhenTheProviderIsAskedNext() {
        keycloak.setLogoutUrl("");
        keycloak.addUser("nina");
        Browser browser = signedInAsMember("nina");
        String session = session(browser);
        CompletableFuture<Integer> closed = attach(browser, Api.sleeper());
        keycloak.logOut("nina");
        await().atMost(SOON).untilAsserted(() -> me(browser).statusCode(401));
        assertThat(closed.orTimeout(SOON.toSeconds(), TimeUnit.SECONDS).join()).isEqualTo(UNAUTHENTICATED);
        assertThat(end(session)).as("nobody ended it by a logout token").isNull();
    }

    @Test
    void aUserWhoIsDisabledThereIsOutWhenTheProviderIsAskedNextHoweverLongTokensLive() {
        keycloak.addUser("peggy");
        Browser browser = signedIn("peggy");
        keycloak.disable("peggy");
        await().atMost(SOON).untilAsserted(() -> me(browser).statusCode(401));
        assertThat(keycloak.signIn(new Browser(), "peggy").uri().toString()).startsWith(keycloak.url());
    }

    @Test
    void aUserWhoIsDisabledHereIsOutAtOnceWithSessionAndToken() {
        keycloak.addUser("rupert");
        Browser browser = signedIn("rupert");
        String token = keycloak.token("rupert");
        bearer(token).statusCode(200);
        Api.json("{'disabled':true}").patch("/api/v1/users/rupert").then().statusCode(200);
        me(browser).statusCode(401);
        bearer(token).statusCode(401);
    }
}
