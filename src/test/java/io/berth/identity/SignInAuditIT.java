package io.berth.identity;

import static io.berth.testing.Api.admin;
import static io.berth.testing.Api.json;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.berth.testing.Browser;
import io.berth.testing.FakeEngineProfile;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import io.restassured.path.json.JsonPath;
import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Signing in and out is in the audit, with who it was, however it is done; what was presented is not. */
@QuarkusTest
@TestProfile(FakeEngineProfile.class)
class SignInAuditIT {

    private static URI uri(String path) {
        return URI.create("http://127.0.0.1:" + RestAssured.port + path);
    }

    /** The newest entry, which is in the database before this answers. */
    private static JsonPath newest() {
        return admin().get("/api/v1/audit?limit=1")
                .then()
                .statusCode(200)
                .extract()
                .jsonPath()
                .setRootPath("items[0]");
    }

    @Test
    void aLinkAndTheWayOutAreRecorded() {
        json("{'name':'otto'}").post("/api/v1/users").then().statusCode(201);
        String link = json("{'user':'otto'}")
                .post("/api/v1/signin-links")
                .then()
                .statusCode(201)
                .extract()
                .path("url");
        URI page = uri(URI.create(link).getPath());
        Browser browser = new Browser();
        browser.post(page, Map.of());
        JsonPath begun = newest();
        assertThat(begun.getString("action")).isEqualTo("beginSession");
        assertThat(begun.getString("subject.name")).isEqualTo("otto");
        assertThat(begun.getString("subject.kind")).isEqualTo("user");
        assertThat(begun.getString("source")).isEqualTo("127.0.0.1");
        assertThat(begun.getString("object.id")).startsWith("ses_").isEqualTo(begun.getString("credential"));
        assertThat(begun.getMap("details")).isEqualTo(Map.of("by", "link"));
        assertThat(begun.getString("outcome")).isEqualTo("success");

        Browser.Page account = browser.get(uri("/signin"));
        browser.post(account.action(), Map.of("csrf", account.value("csrf")));
        JsonPath ended = newest();
        assertThat(ended.getString("action")).isEqualTo("endSession");
        assertThat(ended.getString("subject.name")).isEqualTo("otto");
        assertThat(ended.getString("object.id")).isEqualTo(begun.getString("object.id"));

        new Browser().post(page, Map.of());
        JsonPath refused = newest();
        assertThat(refused.getString("action")).isEqualTo("beginSession");
        assertThat(refused.getString("outcome")).isEqualTo("refused");
        assertThat(refused.getString("code")).isEqualTo("sign-in-link-spent");
        assertThat(refused.getString("subject")).isNull();
        assertThat(admin().get("/api/v1/audit?limit=20").body().asString())
                .doesNotContain(page.getPath().substring(page.getPath().lastIndexOf('/') + 1));
    }

    @Test
    void aTokenIsRecordedWithItsNameAndNotItsText() {
        JsonPath token = json("{'name':'desk','role':'viewer'}")
                .post("/api/v1/tenants/default/tokens")
                .then()
                .statusCode(201)
                .extract()
                .jsonPath();
        given().contentType("application/json")
                .body(Map.of("token", token.getString("token")))
                .post("/api/v1/session")
                .then()
                .statusCode(201);
        JsonPath begun = newest();
        assertThat(begun.getString("action")).isEqualTo("beginSession");
        assertThat(begun.getString("subject.id")).isEqualTo(token.getString("id"));
        assertThat(begun.getString("object.type")).isEqualTo("session");
        assertThat(begun.getString("object.id")).startsWith("ses_");
        new Browser().post(uri("/signin"), Map.of("token", token.getString("token")));
        JsonPath form = newest();
        assertThat(form.getString("subject.id")).isEqualTo(token.getString("id"));
        assertThat(form.getMap("details")).isEqualTo(Map.of("by", "token"));
        assertThat(admin().get("/api/v1/audit?limit=20").body().asString()).doesNotContain(token.getString("token"));
    }
}
