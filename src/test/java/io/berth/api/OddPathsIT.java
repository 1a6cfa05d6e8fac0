package io.berth.api;

import static io.berth.testing.Api.CONTAINERS;
import static io.berth.testing.Api.admin;
import static io.berth.testing.Api.sleeper;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import io.berth.testing.FakeEngineProfile;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.http.Method;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Paths that nobody meant: what they are answered with, and that they leave nothing behind. */
@QuarkusTest
@TestProfile(FakeEngineProfile.class)
class OddPathsIT {

    private static final Pattern URI_TAG = Pattern.compile("uri=\"([^\"]*)\"");

    @Test
    void aNulInThePathIsNoPath() {
        admin().urlEncodingEnabled(false)
                .get(CONTAINERS + "/a%00b")
                .then()
                .statusCode(404)
                .body("code", equalTo("not-found"));
    }

    @Test
    void aNulInTheQueryIsRefused() {
        admin().urlEncodingEnabled(false)
                .get(CONTAINERS + "?label=a%00b")
                .then()
                .statusCode(400)
                .body("code", equalTo("bad-request"));
    }

    @Test
    void aScanOfPathsMakesNoMetrics() {
        String id = sleeper();
        admin().get(CONTAINERS + "/" + id).then().statusCode(200);
        scan();
        Set<String> before = uriTags();
        scan();
        Set<String> after = uriTags();
        after.removeAll(before);
        assertThat(after).isEmpty();
        assertThat(before).noneMatch(uri -> uri.contains(id));
        admin().delete(CONTAINERS + "/" + id + "?force=true");
    }

    private static void scan() {
        for (int i = 0; i < 10; i++) {
            String random = UUID.randomUUID().toString();
            for (Method method : Set.of(Method.GET, Method.POST, Method.PUT, Method.DELETE, Method.OPTIONS)) {
                for (String path : Set.of(
                        "/" + random,
                        "/q/" + random,
                        "/api/" + random,
                        "/api/v1/tenants/" + random + "/containers",
                        CONTAINERS + "/" + random,
                        CONTAINERS + "/" + random + "/attach",
                        CONTAINERS + "/" + random + "/execs/" + random + "/attach",
                        "/api/v1/operations/" + random,
                        "/api/v1/tenants/default/images/" + random)) {
                    admin().request(method, path);
                    given().request(method, path);
                }
            }
        }
    }

    private static Set<String> uriTags() {
        return given().get("/q/metrics")
                .asString()
                .lines()
                .flatMap(line -> URI_TAG.matcher(line).results())
                .map(found -> found.group(1))
                .collect(Collectors.toSet());
    }
}
