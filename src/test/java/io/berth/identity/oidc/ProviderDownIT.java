package io.berth.identity.oidc;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import io.berth.testing.Api;
import io.berth.testing.FakeEngineProfile;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A server whose identity provider does not answer, behind a TLS proxy that it trusts. */
@QuarkusTest
@TestProfile(ProviderDownIT.Profile.class)
class ProviderDownIT {

    /** Nobody listens at the provider's address. */
    public static final class Profile implements QuarkusTestProfile {

        private final FakeEngineProfile base = new FakeEngineProfile();

        @Override
        public Set<Class<?>> getEnabledAlternatives() {
            return base.getEnabledAlternatives();
        }

        @Override
        public List<TestResourceEntry> testResources() {
            return base.testResources();
        }

        @Override
        public boolean disableGlobalTestResources() {
            return true;
        }

        @Override
        public Map<String, String> getConfigOverrides() {
            Map<String, String> settings = new HashMap<>(base.getConfigOverrides());
            settings.put("berth.oidc.issuer", "http://127.0.0.1:1/realms/berth");
            settings.put("berth.http-trusted-proxies", "127.0.0.1");
            return settings;
        }
    }

    @Test
    void saysSoAndGoesOnWithItsOwnTokens() {
        String token =
                part("{\"alg\":\"RS256\",\"kid\":\"x\"}") + "." + part("{\"iss\":\"x\",\"exp\":9999999999}") + ".c2ln";
        given().header("Authorization", "Bearer " + token)
                .get("/api/v1/me")
                .then()
                .statusCode(503)
                .body("code", equalTo("unavailable"))
                .body("retryable", equalTo(true));
        given().redirects().follow(false).get("/signin/oidc").then().statusCode(503);
        given().formParam("logout_token", token)
                .post("/signin/oidc/backchannel-logout")
                .then()
                .statusCode(503)
                .body("code", equalTo("unavailable"));
        Api.admin().get("/api/v1/me").then().statusCode(200);
    }

    private static String part(String json) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(json.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void theCookieIsSecureWhenTheProxySaysThatTheClientUsedTls() {
        String url = Api.json("{'user':'admin'}")
                .header("X-Forwarded-Proto", "https")
                .header("X-Forwarded-Host", "berth.example")
                .post("/api/v1/signin-links")
                .then()
                .statusCode(201)
                .extract()
                .path("url");
        assertThat(url).startsWith("https://berth.example/signin/link/");
        Response in = given().header("X-Forwarded-Proto", "https")
                .header("X-Forwarded-Host", "berth.example")
                .header("Origin", "https://berth.example")
                .redirects()
                .follow(false)
                .post(URI.create(url).getPath());
        assertThat(in.statusCode()).isEqualTo(303);
        assertThat(in.header("Set-Cookie")).startsWith("__Host-berth-session=").contains("; Secure");
        String cookie = in.cookie("__Host-berth-session");
        given().header("X-Forwarded-Proto", "https")
                .cookie("__Host-berth-session", cookie)
                .get("/api/v1/session")
                .then()
                .statusCode(200);
        given().cookie("berth-session", cookie)
                .header("X-Forwarded-Proto", "https")
                .get("/api/v1/session")
                .then()
                .statusCode(401);
    }
}
