package io.berth.identity.oidc;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;

import io.berth.testing.Browser;
import io.berth.testing.Tenants;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import io.restassured.response.ValidatableResponse;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Organisations of a real Keycloak, which {@code org:{tenant}=>member} makes members of tenants. They are there while a test runs only:
 * as long as there is one, Keycloak asks for the user's name on a page of its own.
 */
@QuarkusTest
@TestProfile(KeycloakProfile.class)
class KeycloakOrganisationIT {

    private final Keycloak keycloak = Keycloak.running();
    private Tenants.Made tenant = new Tenants.Made("", "");
    private String organisation = "";

    @BeforeEach
    void make() {
        tenant = Tenants.make();
        organisation = keycloak.addOrganisation(tenant.name());
    }

    @AfterEach
    void remove() {
        keycloak.removeOrganisation(organisation);
    }

    private static ValidatableResponse get(String token, String path) {
        return given().header("Authorization", "Bearer " + token).get(path).then();
    }

    private static ValidatableResponse withCookie(Browser browser, String path) {
        return given().cookie("berth-session", browser.cookie("berth-session"))
                .get(path)
                .then();
    }

    @Test
    void aMemberIsAMemberOfTheTenantUntilTheNextTokenWithoutIt() throws Exception {
        keycloak.addUser("heidi");
        keycloak.join(organisation, "heidi");
        String before = keycloak.token("heidi");
        get(before, "/api/v1/me")
                .statusCode(200)
                .body("tenants.tenant", equalTo(List.of(tenant.name())))
                .body("tenants.role", equalTo(List.of("member")));
        get(before, tenant.path("")).statusCode(200);
        get(before, tenant.path("/audit")).statusCode(403);
        get(before, "/api/v1/tenants/default").statusCode(404);
        get(keycloak.token("alice"), tenant.path("")).statusCode(404);
        tenant.owner()
                .get(tenant.path("/members/heidi"))
                .then()
                .statusCode(200)
                .body("sources.source", equalTo(List.of("oidc")));

        keycloak.leave(organisation, "heidi");
        // nobody asks the provider about a signed token
        get(before, tenant.path("")).statusCode(200);
        TimeUnit.MILLISECONDS.sleep(1100);
        get(keycloak.token("heidi"), "/api/v1/me").statusCode(200).body("tenants", empty());
        get(before, tenant.path("")).statusCode(404);
        tenant.owner().get(tenant.path("/members/heidi")).then().statusCode(404);
    }

    @Test
    void whoIsInSeveralIsAMemberOfAllIfAllAreAskedFor() {
        Tenants.Made other = Tenants.make();
        String second = keycloak.addOrganisation(other.name());
        try {
            keycloak.addUser("judy");
            keycloak.join(organisation, "judy");
            keycloak.join(second, "judy");
            get(keycloak.tokenWithScope("judy", "openid organization:*"), "/api/v1/me")
                    .statusCode(200)
                    .body("tenants.tenant", containsInAnyOrder(tenant.name(), other.name()));
        } finally {
            keycloak.removeOrganisation(second);
        }
    }

    @Test
    void aMemberSignsInOnTwoPagesAndASessionEndsAtItsNextRenewalWhenTheMemberHasLeft() {
        keycloak.addUser("kim");
        keycloak.join(organisation, "kim");
        Browser browser = new Browser();
        Browser.Page first = browser.get(URI.create("http://127.0.0.1:" + RestAssured.port + "/signin/oidc"));
        assertThat(Keycloak.asksForPassword(first)).as(first.body()).isFalse();
        assertThat(keycloak.signIn(browser, "kim").status()).isEqualTo(200);
        withCookie(browser, "/api/v1/me")
                .statusCode(200)
                .body("name", equalTo("kim"))
                .body("tenants.tenant", equalTo(List.of(tenant.name())));
        keycloak.leave(organisation, "kim");
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> withCookie(browser, "/api/v1/me").statusCode(401));
        // Keycloak does not renew what was begun in an organisation that the user has left; its own session goes on
        Browser again = new Browser();
        assertThat(keycloak.signIn(again, "kim").status()).isEqualTo(200);
        withCookie(again, "/api/v1/me").statusCode(200).body("tenants", empty());
    }

    @Test
    void whoIsInNoOrganisationSignsInAsEver() {
        Browser browser = new Browser();
        assertThat(keycloak.signIn(browser, "alice").status()).isEqualTo(200);
        withCookie(browser, "/api/v1/me").statusCode(200).body("tenants.tenant", equalTo(List.of("default")));
    }
}
