package io.berth.console;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.berth.testing.FakeEngineProfile;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.http.Method;
import io.restassured.response.ValidatableResponse;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How the console is served: with which headers, kept for how long, at which paths and at which not. */
@QuarkusTest
@TestProfile(FakeEngineProfile.class)
class ConsoleIT {

    private static final Pattern SCRIPT = Pattern.compile("src=\"(/assets/[^\"]+\\.js)\"");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/containers",
                "/containers/web.js/terminal",
                "/images",
                "/events",
                "/usage",
                "/members",
                "/tokens",
                "/webhooks/whk_1",
                "/audit",
                "/platform/tenants/default"
            })
    void aPlaceOfTheConsoleIsItsPageStrictAndNeverOutOfDate(String path) {
        page(given().get(path).then().statusCode(200));
        String tag = given().get(path).header("ETag");
        given().header("If-None-Match", tag).get(path).then().statusCode(304).body(equalTo(""));
        given().head(path).then().statusCode(200).body(equalTo(""));
    }

    private static void page(ValidatableResponse response) {
        response.contentType("text/html")
                .header("Cache-Control", "no-cache")
                .header("X-Content-Type-Options", "nosniff")
                .header("Referrer-Policy", "same-origin")
                .header(
                        "Content-Security-Policy",
                        containsString("default-src 'none'; script-src 'self'; style-src 'self';"))
                .header("Content-Security-Policy", containsString("frame-ancestors 'none'"))
                .header("Content-Security-Policy", not(containsString("unsafe")))
                .body(containsString("Berth"));
    }

    @Test
    void aFileNamedByItsContentIsKeptForGoodAndSentCompressed() {
        String page = given().get("/").asString();
        Matcher script = SCRIPT.matcher(page);
        assumeTrue(script.find(), "this build has no console");
        String path = script.group(1);
        given().header("Accept-Encoding", "gzip")
                .get(path)
                .then()
                .statusCode(200)
                .header("Content-Encoding", "gzip")
                .header("Vary", "Accept-Encoding")
                .header("Cache-Control", "public, max-age=31536000, immutable")
                .header("Content-Type", startsWith("text/javascript"));
        assertThat(page).doesNotContain("<style").doesNotContainPattern("<script(?![^>]*src=)");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/assets/missing.js",
                "/assets/",
                "/assets/..%2findex.html",
                "/assets/%2e%2e%2f%2e%2e%2fapplication.properties",
                "/application.properties",
                "/missing.css",
                "/index.html.gz"
            })
    void aMissingFileIsNotFoundWhateverIsAcceptedInItsPlace(String path) {
        given().urlEncodingEnabled(false).get(path).then().statusCode(404);
    }

    @Test
    void aPersonAtAnUnknownPlaceGetsThePageWith404AndAProgramAProblem() {
        page(given().accept("text/html").get("/no/such/place").then().statusCode(404));
        given().get("/no/such/place").then().statusCode(404).contentType("application/problem+json");
    }

    @Test
    void whatIsNotTheConsolesIsLeftAlone() {
        given().get("/api/nowhere").then().contentType("application/problem+json");
        given().get("/q/openapi").then().statusCode(200).body(startsWith("openapi:"));
        given().accept("text/html").get("/q/nowhere").then().statusCode(404);
        given().accept("text/html").get("/v2/").then().statusCode(404).body(not(containsString("id=\"app\"")));
        given().get("/signin").then().statusCode(200).body(containsString("Sign in with a token"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "DELETE"})
    void nothingCanBeChangedHere(String method) {
        assertThat(given().request(Method.valueOf(method), "/containers").statusCode())
                .isIn(404, 405);
    }

    @Test
    void theSignInPageAllowsItsOwnStyleAndNoOther() {
        given().get("/signin")
                .then()
                .header("Content-Security-Policy", containsString("style-src 'sha256-"))
                .header("Content-Security-Policy", not(containsString("unsafe")));
    }
}
