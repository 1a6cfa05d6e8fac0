package io.berth.identity.oidc;

import static io.berth.testing.Api.admin;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.startsWith;

import io.berth.testing.Api;
import io.berth.testing.Browser;
import io.berth.testing.BrowserScript;
import io.berth.testing.RequiresBrowser;
import io.berth.testing.Tenants;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import io.restassured.response.ValidatableResponse;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Tokens and sign-in of a real Keycloak. */
@QuarkusTest
@TestProfile(KeycloakProfile.class)
class KeycloakIT {

    private static final String TENANT = "/api/v1/tenants/default";
    private static final String MEMBERS = TENANT + "/members";

    private final Keycloak keycloak = Keycloak.running();

    private static ValidatableResponse get(String token, String path) {
        return given().header("Authorization", "Bearer " + token).get(path).then();
    }

    private static void isRefused(String token) {
        get(token, "/api/v1/me")
                .statusCode(401)
                .contentType("application/problem+json")
                .body("code", equalTo("unauthenticated"));
    }

    private static URI uri(String path) {
        return URI.create("http://127.0.0.1:" + RestAssured.port + path);
    }

    @Test
    void mapsGroupsAndRolesToTenantsAndRoles() {
        get(keycloak.token("alice"), "/api/v1/me")
                .statusCode(200)
                .body("subject.kind", equalTo("user"))
                .body("name", equalTo("alice"))
                .body("admin", equalTo(false))
                // the tenant 'ghost' does not exist
                .body("tenants.tenant", equalTo(List.of("default")))
                .body("tenants.role", equalTo(List.of("owner")));
        get(keycloak.token("carol"), "/api/v1/me").body("tenants.role", equalTo(List.of("viewer")));
        get(keycloak.token("root"), "/api/v1/users").statusCode(200);
        get(keycloak.serviceToken(), "/api/v1/me")
                .body("name", equalTo("service-account-service"))
                .body("tenants.role", equalTo(List.of("member")));
        Api.admin().get(MEMBERS + "/alice").then().statusCode(200).body("sources.source", equalTo(List.of("oidc")));
        Api.admin()
                .delete(MEMBERS + "/alice")
                .then()
                .statusCode(409)
                .body("detail", startsWith("the identity provider"));
    }

    @Test
    void aRoleInOneTenantIsNoneInAnother() {
        String carol = keycloak.token("carol");
        get(carol, TENANT).statusCode(200);
        get(carol, TENANT + "/members").statusCode(403);
        get(carol, "/api/v1/tenants/ghost").statusCode(404);
        get(carol, "/api/v1/users").statusCode(403);
    }

    @Test
    void refusesWhatIsNotMeantForItOrNotGenuine() {
        String good = keycloak.token("alice");
        String[] parts = good.split("\\.", -1);
        // the same realm and keys under another address
        isRefused(Keycloak.token(keycloak.url().replace("127.0.0.1", "localhost"), "alice", "service"));
        isRefused(Keycloak.token(keycloak.url(), "alice", "stranger"));
        isRefused(keycloak.idToken("alice"));
        String forged = parts[1].substring(0, 20) + (parts[1].charAt(20) == 'A' ? 'B' : 'A') + parts[1].substring(21);
        isRefused(parts[0] + "." + forged + "." + parts[2]);
        isRefused(parts[0] + "." + parts[1] + "." + "A".repeat(parts[2].length()));
        isRefused(header("{\"alg\":\"none\",\"typ\":\"JWT\"}") + "." + parts[1] + ".");
        isRefused(header("{\"alg\":\"HS256\",\"typ\":\"JWT\"}") + "." + parts[1] + "." + parts[2]);
        isRefused("a.b.c");
        isRefused("a." + "b".repeat(20_000) + ".c");
        get(good, "/api/v1/me").statusCode(200);
    }

    private static String header(String json) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(json.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void refusesATokenThatHasExpired() throws Exception {
        keycloak.setTokenLife("service", 2);
        try {
            String brief = keycloak.token("alice");
            get(brief, "/api/v1/me").statusCode(200);
            TimeUnit.SECONDS.sleep(3);
            isRefused(brief);
        } finally {
            keycloak.setTokenLife("service", 60);
        }
    }

    @Test
    void refusesAUserWhoIsDisabledHere() {
        String token = keycloak.token("dave");
        get(token, "/api/v1/me").statusCode(200);
        Api.json("{'disabled':true}").patch("/api/v1/users/dave").then().statusCode(200);
        isRefused(token);
        isRefused(keycloak.token("dave"));
        assertThat(keycloak.signIn(new Browser(), "dave").body()).contains("is disabled here");
    }

    @Test
    void aGroupThatWasTakenAwayIsGoneWithTheNextTokenAndOlderOnesAreNotBelieved() throws Exception {
        String before = keycloak.token("bob");
        get(before, TENANT).statusCode(200);
        String made = given().header("Authorization", "Bearer " + before)
                .get("/api/v1/me")
                .then()
                .extract()
                .path("subject.id");
        keycloak.leaveGroups("bob");
        TimeUnit.MILLISECONDS.sleep(1100);
        get(keycloak.token("bob"), TENANT).statusCode(404);
        get(before, TENANT).statusCode(404);
        Api.admin().get(MEMBERS + "/" + made).then().statusCode(404);
    }

    @Test
    void aPersonSignsInWithAFormAndGetsASessionOfBerths() {
        Browser browser = new Browser();
        Browser.Page in = keycloak.signIn(browser, "alice");
        assertThat(in.status()).as(in.body()).isEqualTo(200);
        assertThat(in.uri()).isEqualTo(uri("/"));
        assertThat(browser.get(uri("/signin")).body()).contains("You are <b>alice</b>", "owner of default");
        admin().get("/api/v1/audit?limit=1")
                .then()
                .body("items[0].action", equalTo("beginSession"))
                .body("items[0].subject.name", equalTo("alice"))
                .body("items[0].details.by", equalTo("provider"));
        String cookie = browser.cookie("berth-session");
        given().cookie("berth-session", cookie).get(MEMBERS).then().statusCode(200);
        given().cookie("berth-session", cookie)
                .delete(MEMBERS + "/x")
                .then()
                .statusCode(403)
                .body("code", equalTo("cross-site"));
    }

    @Test
    @RequiresBrowser
    void aPersonSignsInToTheConsoleWithAChromium() {
        Tenants.Made tenant = Tenants.make();
        List<String> organisations = new ArrayList<>();
        keycloak.addUser("mallory");
        keycloak.setLogoutUrl("http://127.0.0.1:" + RestAssured.port + "/signin/oidc/backchannel-logout");
        try {
            new BrowserScript("keycloak.mjs", "http://127.0.0.1:" + RestAssured.port)
                    .with("KEYCLOAK_URL", keycloak.url())
                    .with("KEYCLOAK_MEMBER", "mallory")
                    .with("BERTH_TENANT", tenant.name())
                    .on("organisation", () -> {
                        organisations.add(keycloak.addOrganisation(tenant.name()));
                        keycloak.join(organisations.get(0), "mallory");
                    })
                    .on("log out", () -> keycloak.logOut("mallory"))
                    .run();
        } finally {
            keycloak.setLogoutUrl("");
            organisations.forEach(keycloak::removeOrganisation);
        }
    }

    @Test
    void aSessionEndsOrShrinksWithWhatTheProviderSaysWhenItIsAskedAgain() {
        keycloak.setTokenLife("berth", 3);
        try {
            Browser browser = new Browser();
            keycloak.signIn(browser, "erin");
            String cookie = browser.cookie("berth-session");
            given().cookie("berth-session", cookie).get(TENANT).then().statusCode(200);
            keycloak.leaveGroups("erin");
            await().atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> given().cookie("berth-session", cookie)
                            .get(TENANT)
                            .then()
                            .statusCode(404));
            given().cookie("berth-session", cookie).get("/api/v1/me").then().statusCode(200);
        } finally {
            keycloak.setTokenLife("berth", 60);
        }
    }

    @Test
    void aBrowserThatDidNotBeginCannotComeBack() {
        Browser.Page page = new Browser().get(uri("/signin/oidc/callback?code=x&state=y"));
        assertThat(page.status()).isEqualTo(403);
        assertThat(page.body()).contains("did not begin it here");
        Browser.Page denied = new Browser().get(uri("/signin/oidc/callback?error=access_denied&state=y"));
        assertThat(denied.status()).isEqualTo(403);
    }
}
