package io.berth.identity;

import static io.berth.testing.Api.admin;
import static io.berth.testing.Api.json;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.startsWith;

import io.berth.testing.Browser;
import io.berth.testing.FakeEngineProfile;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.net.URI;
import java.net.http.HttpRequest;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** People: users, members, sign-in links and sessions of browsers. */
@QuarkusTest
@TestProfile(FakeEngineProfile.class)
class SessionIT {

    private static final String SESSION = "/api/v1/session";
    private static final String MEMBERS = "/api/v1/tenants/default/members";
    private static final String COOKIE = "berth-session";

    private static URI uri(String path) {
        return URI.create("http://127.0.0.1:" + RestAssured.port + path);
    }

    /** A signed-in user's browser as far as the API is concerned. */
    private record SignedIn(String cookie, String csrf) {

        RequestSpecification read() {
            return given().cookie(COOKIE, cookie);
        }

        RequestSpecification change() {
            return read().header("X-CSRF-Token", csrf);
        }
    }

    private static String user(String name) {
        return json("{'name':'" + name + "'}")
                .post("/api/v1/users")
                .then()
                .statusCode(201)
                .extract()
                .path("id");
    }

    private static String link(String user) {
        return json("{'user':'" + user + "'}")
                .post("/api/v1/signin-links")
                .then()
                .statusCode(201)
                .extract()
                .path("url");
    }

    private static SignedIn signIn(String user) {
        String cookie = given().redirects()
                .follow(false)
                .post(URI.create(link(user)).getPath())
                .then()
                .statusCode(303)
                .extract()
                .cookie(COOKIE);
        return signedIn(cookie);
    }

    private static SignedIn signedIn(String cookie) {
        JsonPath session = given().cookie(COOKIE, cookie)
                .get(SESSION)
                .then()
                .statusCode(200)
                .extract()
                .jsonPath();
        return new SignedIn(cookie, session.getString("csrfToken"));
    }

    @Test
    void aLinkSignsInOnceThoughItIsLookedAtOften() {
        user("lena");
        URI link = uri(URI.create(link("lena")).getPath());
        Browser browser = new Browser();
        assertThat(browser.get(link).body()).contains("Sign in as lena");
        Browser.Page page = browser.get(link);
        assertThat(page.response()
                        .headers()
                        .firstValue("Content-Security-Policy")
                        .orElse(""))
                .contains("frame-ancestors 'none'");
        Browser.Page in = browser.post(page.action(), Map.of());
        assertThat(in.uri()).isEqualTo(uri("/"));
        Browser.Page account = browser.get(uri("/signin"));
        assertThat(account.body()).contains("You are <b>lena</b>", "no tenant yet");
        Browser.Page again = new Browser().post(page.action(), Map.of());
        assertThat(again.status()).isEqualTo(410);
        assertThat(again.body()).contains("was used already");
        assertThat(new Browser().get(uri("/signin/link/nonsense")).status()).isEqualTo(410);
        Browser.Page out = browser.post(account.action(), Map.of("csrf", account.value("csrf")));
        assertThat(out.body()).contains("Sign in with a token");
    }

    @Test
    void ofTwoWhoUseALinkAtOnceOneGetsIn() {
        user("racer");
        String path = URI.create(link("racer")).getPath();
        List<CompletableFuture<Integer>> tries = IntStream.range(0, 8)
                .mapToObj(i -> CompletableFuture.supplyAsync(
                        () -> given().redirects().follow(false).post(path).statusCode()))
                .toList();
        assertThat(tries.stream().map(CompletableFuture::join).filter(status -> status == 303))
                .hasSize(1);
    }

    @Test
    void theCookieIsForThisServerAloneAndSecureBehindTls() {
        user("cookie");
        Response plain = given().redirects()
                .follow(false)
                .post(URI.create(link("cookie")).getPath());
        assertThat(plain.header("Set-Cookie"))
                .contains("HTTPOnly", "SameSite=Lax", "Path=/")
                .doesNotContain("Secure");
        // a proxy that nobody has configured is not believed
        Response forged = given().header("X-Forwarded-Proto", "https")
                .redirects()
                .follow(false)
                .post(URI.create(link("cookie")).getPath());
        assertThat(forged.header("Set-Cookie")).doesNotContain("__Host-");
    }

    @Test
    void aChangeWithACookieNeedsTheCsrfTokenAndAPageOfOurs() {
        user("sam");
        json("{'role':'member'}").put(MEMBERS + "/sam").then().statusCode(200);
        SignedIn sam = signIn("sam");
        String tokens = "/api/v1/tenants/default/tokens";
        sam.read()
                .get("/api/v1/me")
                .then()
                .statusCode(200)
                .body("subject.kind", equalTo("user"))
                .body("tenants.tenant", equalTo(List.of("default")));
        sam.read()
                .contentType("application/json")
                .body("{\"name\":\"x\"}")
                .post(tokens)
                .then()
                .statusCode(403)
                .body("code", equalTo("cross-site"));
        sam.read()
                .header("X-CSRF-Token", "x")
                .contentType("application/json")
                .body("{\"name\":\"x\"}")
                .post(tokens)
                .then()
                .statusCode(403);
        sam.change()
                .header("Origin", "https://evil.example")
                .contentType("application/json")
                .body("{\"name\":\"x\"}")
                .post(tokens)
                .then()
                .statusCode(403);
        sam.change()
                .header("Sec-Fetch-Site", "same-site")
                .contentType("application/json")
                .body("{\"name\":\"x\"}")
                .post(tokens)
                .then()
                .statusCode(403);
        sam.change()
                .contentType("application/json")
                .body("{\"name\":\"x\"}")
                .post(tokens)
                .then()
                .statusCode(201)
                .body("user", startsWith("usr_"));
        given().header("Authorization", "Bearer " + sam.cookie())
                .get("/api/v1/me")
                .then()
                .statusCode(401);
    }

    @Test
    void signingOutEndsTheSessionAtOnce() {
        user("olga");
        SignedIn one = signIn("olga");
        SignedIn other = signIn("olga");
        one.read().get("/api/v1/sessions").then().statusCode(200).body("items", hasSize(2));
        String otherId = other.read().get(SESSION).path("id");
        one.change().delete("/api/v1/sessions/" + otherId).then().statusCode(204);
        other.read().get("/api/v1/me").then().statusCode(401).body("detail", startsWith("the session has ended"));
        one.change().delete(SESSION).then().statusCode(204);
        one.read().get("/api/v1/me").then().statusCode(401);
        admin().get(SESSION).then().statusCode(404);
    }

    @Test
    void aTokenCanBeSignedInWithAndTakesItsSessionsAlong() {
        JsonPath token = json("{'name':'console','role':'viewer'}")
                .post("/api/v1/tenants/default/tokens")
                .then()
                .statusCode(201)
                .extract()
                .jsonPath();
        Response begun = given().contentType("application/json")
                .body(Map.of("token", token.getString("token")))
                .post(SESSION);
        begun.then().statusCode(201).body("csrfToken", notNullValue()).body("subject.kind", equalTo("token"));
        SignedIn session = signedIn(begun.cookie(COOKIE));
        session.read().get("/api/v1/tenants/default/containers").then().statusCode(200);
        admin().delete("/api/v1/tenants/default/tokens/" + token.get("id"))
                .then()
                .statusCode(204);
        session.read().get("/api/v1/me").then().statusCode(401);
        given().contentType("application/json")
                .body("{\"token\":\"berth_no\"}")
                .post(SESSION)
                .then()
                .statusCode(401);
        given().header("Origin", "https://evil.example")
                .contentType("application/json")
                .body("{\"token\":\"x\"}")
                .post(SESSION)
                .then()
                .statusCode(403);
    }

    @Test
    void aDisabledUserLosesSessionsAndTokensAtOnce() {
        String id = user("dora");
        json("{'role':'owner'}").put(MEMBERS + "/dora").then().statusCode(200).body("id", equalTo(id));
        SignedIn dora = signIn("dora");
        String token = dora.change()
                .contentType("application/json")
                .body("{\"name\":\"t\",\"role\":\"owner\"}")
                .post("/api/v1/tenants/default/tokens")
                .then()
                .statusCode(201)
                .extract()
                .path("token");
        RequestSpecification byToken = given().header("Authorization", "Bearer " + token);
        given().spec(byToken).get(MEMBERS).then().statusCode(200);
        json("{'role':'viewer'}").put(MEMBERS + "/" + id).then().statusCode(200);
        given().spec(byToken).get("/api/v1/tenants/default").then().statusCode(200);
        given().spec(byToken).get(MEMBERS).then().statusCode(403);
        dora.read().get(MEMBERS).then().statusCode(403);
        admin().delete(MEMBERS + "/dora").then().statusCode(204);
        given().spec(byToken).get("/api/v1/tenants/default").then().statusCode(404);
        json("{'disabled':true}")
                .patch("/api/v1/users/dora")
                .then()
                .statusCode(200)
                .body("disabled", equalTo(true));
        given().spec(byToken).get("/api/v1/me").then().statusCode(401);
        dora.read().get("/api/v1/me").then().statusCode(401);
        json("{'user':'dora'}").post("/api/v1/signin-links").then().statusCode(409);
    }

    @Test
    void aTenantKeepsAnOwnerUnlessAnAdministratorWantsItOtherwise() {
        user("only");
        json("{'role':'owner'}").put(MEMBERS + "/only").then().statusCode(200);
        SignedIn only = signIn("only");
        only.change().delete(MEMBERS + "/only").then().statusCode(409).body("code", equalTo("last-owner"));
        only.change()
                .contentType("application/json")
                .body("{\"role\":\"viewer\"}")
                .put(MEMBERS + "/only")
                .then()
                .statusCode(409);
        admin().delete(MEMBERS + "/only").then().statusCode(204);
    }

    @Test
    void refusesWhatMakesNoSense() {
        json("{'role':'owner'}")
                .put(MEMBERS + "/nobody")
                .then()
                .statusCode(404)
                .body("code", equalTo("account-not-found"))
                .body("detail", startsWith("there is no user 'nobody'"));
        admin().delete(MEMBERS + "/nobody").then().statusCode(404).body("code", equalTo("member-not-found"));
        json("{'role':'king'}").put(MEMBERS + "/admin").then().statusCode(400);
        json("{'name':'admin'}").post("/api/v1/users").then().statusCode(409).body("code", equalTo("name-taken"));
        json("{'name':'A B'}").post("/api/v1/users").then().statusCode(400);
        json("{'user':'nobody'}").post("/api/v1/signin-links").then().statusCode(404);
        assertThat(new Browser()
                        .send(HttpRequest.newBuilder(uri("/signin/oidc")).build())
                        .status())
                .isEqualTo(404);
        given().formParam("logout_token", "a.b.c")
                .post("/signin/oidc/backchannel-logout")
                .then()
                .statusCode(404)
                .body("detail", equalTo("this server has no identity provider"));
        user("plain");
        signIn("plain").read().get("/api/v1/users").then().statusCode(403);
    }
}
