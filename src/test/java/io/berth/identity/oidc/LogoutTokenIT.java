package io.berth.identity.oidc;

import static io.berth.testing.Api.admin;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import io.berth.testing.Browser;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.ValidatableResponse;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Logout tokens that a real Keycloak would not send, most of them signed with a key of its realm. */
@QuarkusTest
@TestProfile(KeycloakProfile.class)
class LogoutTokenIT {

    private static final String LOGOUT = "/signin/oidc/backchannel-logout";

    private final Keycloak keycloak = Keycloak.running();
    private final RealmKey key;
    private String subject = "";
    private String session = "";
    private Browser browser = new Browser();

    LogoutTokenIT() throws Exception {
        key = new RealmKey(keycloak);
    }

    @BeforeEach
    void signIn() {
        // of all sign-ins of this class the newest, which is another session each time
        String user = "victor-" + UUID.randomUUID();
        keycloak.addUser(user);
        subject = keycloak.userId(user);
        browser = signedIn(user);
        session = keycloak.sessions(user).get(0);
    }

    private Browser signedIn(String user) {
        Browser with = new Browser();
        assertThat(keycloak.signIn(with, user).status()).isEqualTo(200);
        me(with).statusCode(200);
        return with;
    }

    private static ValidatableResponse me(Browser browser) {
        return given().cookie("berth-session", browser.cookie("berth-session"))
                .get("/api/v1/me")
                .then();
    }

    private Map<String, Object> claims() {
        long now = Instant.now().getEpochSecond();
        Map<String, Object> claims = new HashMap<>();
        claims.put("iss", keycloak.issuer());
        claims.put("aud", "berth");
        claims.put("sub", subject);
        claims.put("sid", session);
        claims.put("iat", now);
        claims.put("exp", now + 120);
        claims.put("jti", UUID.randomUUID().toString());
        claims.put("events", Map.of(Claims.LOGOUT, Map.of()));
        return claims;
    }

    private Map<String, Object> without(String claim) {
        Map<String, Object> claims = claims();
        claims.remove(claim);
        return claims;
    }

    private Map<String, Object> with(String claim, Object value) {
        Map<String, Object> claims = claims();
        claims.put(claim, value);
        return claims;
    }

    private static ValidatableResponse send(String token) {
        return given().formParam("logout_token", token).post(LOGOUT).then();
    }

    private static void isRefused(String token, String why) {
        send(token)
                .statusCode(400)
                .contentType("application/problem+json")
                .body("code", equalTo("bad-request"))
                .body("detail", containsString(why));
    }

    @Test
    void aGoodTokenIsGoodOnce() throws Exception {
        String token = key.sign(claims());
        send(token).statusCode(200).header("Cache-Control", "no-store");
        me(browser).statusCode(401);
        isRefused(token, "used already");
        // what is not there any more has ended
        send(key.sign(claims())).statusCode(200);
    }

    @Test
    void aTokenOfTheUserEndsAllItsSessionsAndOneOfASessionThatOneAlone() throws Exception {
        String user = me(browser).extract().path("name");
        Browser second = signedIn(user);
        send(key.sign(without("sub"))).statusCode(200);
        me(browser).statusCode(401);
        me(second).statusCode(200);
        Browser third = signedIn(user);
        String ofTheUser = key.sign(without("sid"));
        send(ofTheUser).statusCode(200);
        me(second).statusCode(401);
        me(third).statusCode(401);
        Browser fourth = signedIn(user);
        isRefused(ofTheUser, "used already");
        me(fourth).statusCode(200);
    }

    @Test
    void refusesWhatIsNotGenuine() throws Exception {
        String genuine = "signature, issuer, audience";
        isRefused(key.unsigned(claims()), genuine);
        isRefused(key.signWithSecret("berth-secret", claims()), genuine);
        isRefused(key.signAs("no-such-key", claims()), genuine);
        String token = key.sign(claims());
        isRefused(token.substring(0, token.lastIndexOf('.') + 1) + "A".repeat(342), genuine);
        isRefused(token.substring(0, token.lastIndexOf('.') + 1), genuine);
        isRefused(key.sign(with("iss", keycloak.issuer().replace("127.0.0.1", "localhost"))), genuine);
        isRefused(key.sign(without("iss")), genuine);
        isRefused(key.sign(with("aud", "service")), genuine);
        isRefused(key.sign(without("aud")), genuine);
        long now = Instant.now().getEpochSecond();
        isRefused(key.sign(with("exp", now - 5)), genuine);
        isRefused(key.sign(without("exp")), genuine);
        isRefused(key.sign(without("iat")), genuine);
        isRefused(key.sign(with("iat", now - 600)), genuine);
        isRefused("a.b.c", genuine);
        isRefused("a." + "b".repeat(30_000) + ".c", "a signed JWT");
        isRefused("", "a signed JWT");
        isRefused("no\u0000token", "a signed JWT");
        me(browser).statusCode(200);
    }

    @Test
    void refusesWhatIsNoLogoutToken() throws Exception {
        isRefused(key.sign(without("events")), "events");
        isRefused(key.sign(with("events", Map.of("http://example.com/other", Map.of()))), "events");
        isRefused(key.sign(with("events", Map.of(Claims.LOGOUT, "yes"))), "events");
        isRefused(key.sign(with("events", Claims.LOGOUT)), "events");
        isRefused(key.sign(with("nonce", "n")), "nonce");
        isRefused(key.sign(without("jti")), "jti");
        isRefused(key.sign(with("jti", "x".repeat(300))), "jti");
        isRefused(key.sign(with("sid", "x".repeat(300))), "sid");
        Map<String, Object> nobody = without("sub");
        nobody.remove("sid");
        isRefused(key.sign(nobody), "neither");
        // tokens of the realm for something else
        isRefused(keycloak.token("alice"), "events");
        me(browser).statusCode(200);
    }

    @Test
    void concernsNobodyElse() throws Exception {
        send(key.sign(with("sub", UUID.randomUUID().toString()))).statusCode(200);
        Map<String, Object> other = with("sid", UUID.randomUUID().toString());
        send(key.sign(other)).statusCode(200);
        me(browser).statusCode(200);
    }

    @Test
    void aLogoutTokenIsNoAccessToken() throws Exception {
        Map<String, Object> claims = claims();
        given().header("Authorization", "Bearer " + key.sign(claims))
                .get("/api/v1/me")
                .then()
                .statusCode(401);
        claims.remove("events");
        given().header("Authorization", "Bearer " + key.sign(claims))
                .get("/api/v1/me")
                .then()
                .statusCode(200);
    }

    @Test
    void takesPostedFormsOnly() throws Exception {
        given().get(LOGOUT + "?logout_token=" + key.sign(claims())).then().statusCode(405);
        given().contentType("application/json")
                .body("{\"logout_token\":\"" + key.sign(claims()) + "\"}")
                .post(LOGOUT)
                .then()
                .statusCode(415);
        given().post(LOGOUT + "?logout_token=" + key.sign(claims())).then().statusCode(400);
        me(browser).statusCode(200);
    }

    @Test
    void theAuditKnowsOfRefusedOnesAndNotTheirText() throws Exception {
        String token = key.sign(without("events"));
        isRefused(token, "events");
        // so many of an address in a minute, so it may be another one's
        Map<String, Object> refused = admin().get("/api/v1/audit?limit=200")
                .path("items.find { it.action == 'endSession' && it.outcome == 'refused' }");
        assertThat(refused).containsEntry("source", "127.0.0.1").containsEntry("code", "bad-request");
        assertThat(admin().get("/api/v1/audit?limit=20").body().asString()).doesNotContain(token);
    }
}
