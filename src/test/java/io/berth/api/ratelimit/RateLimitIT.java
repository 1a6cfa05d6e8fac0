package io.berth.api.ratelimit;

import static io.berth.testing.Api.admin;
import static io.berth.testing.Api.json;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import io.berth.testing.FakeEngineProfile;
import io.berth.testing.Tenants;
import io.berth.testing.Tenants.Made;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Limits of requests, over HTTP and WebSocket. */
@QuarkusTest
@TestProfile(RateLimitIT.FewStrangers.class)
class RateLimitIT {

    private static final String BAD = "Bearer berth_" + "x".repeat(43);

    /** A server that soon loses its patience with strangers. */
    public static final class FewStrangers extends FakeEngineProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            Map<String, String> config = new java.util.HashMap<>(super.getConfigOverrides());
            config.put("berth.rate-limit.unauthenticated-requests-per-minute", "20");
            return config;
        }
    }

    @Test
    void tellsAndHoldsTheTenantsRate() {
        Made tenant = Tenants.make();
        String path = tenant.path("");
        tenant.owner()
                .get(path)
                .then()
                .statusCode(200)
                .header("RateLimit-Policy", equalTo("\"credential\";q=60000;w=60"))
                .header("Retry-After", nullValue());
        json("{'apiRequestsPerMinute':3}").put(path + "/quota").then().statusCode(200);
        for (int left = 2; left >= 0; left--) {
            tenant.owner()
                    .get(path)
                    .then()
                    .statusCode(200)
                    .header("RateLimit-Policy", containsString("\"tenant\";q=3;w=60"))
                    .header("RateLimit", containsString("\"tenant\";r=" + left + ";t="));
        }
        tenant.owner()
                .get(path)
                .then()
                .statusCode(429)
                .contentType("application/problem+json")
                .header("Retry-After", matchesPattern("[1-9]\\d?"))
                .header("X-Request-Id", notNullValue())
                .body("code", equalTo("rate-limited"))
                .body("retryable", equalTo(true))
                .body("detail", containsString("3 requests a minute of this tenant"));
        assertThat(closeCode(tenant)).isEqualTo(4429);
        admin().get(path).then().statusCode(200);
        admin().get(path + "/usage").then().body("now.apiRequestsPerMinute.used", equalTo(3));
        Made other = Tenants.make();
        other.owner().get(path).then().statusCode(404).header("RateLimit", matchesPattern("\"credential\";r=\\d+;t=1"));
        json("{}").put(path + "/quota").then().statusCode(200);
        tenant.owner().get(path).then().statusCode(200);
    }

    @Test
    void losesItsPatienceWithWhoOnlyFails() {
        Made tenant = Tenants.make();
        tenant.owner().get(tenant.path("")).then().statusCode(200);
        int status = 401;
        for (int i = 0; i < 30 && status == 401; i++) {
            status = given().header("Authorization", BAD).get("/api/v1/me").statusCode();
            logout();
        }
        assertThat(logout()).isEqualTo(429);
        given().header("Authorization", BAD)
                .get("/api/v1/me")
                .then()
                .statusCode(429)
                .header("Retry-After", notNullValue())
                .body("code", equalTo("rate-limited"));
        given().get("/api/v1/me").then().statusCode(429);
        Made late = Tenants.make();
        late.owner().get(late.path("")).then().statusCode(429);
        assertThat(closeCode(late)).isEqualTo(4429);
        tenant.owner().get(tenant.path("")).then().statusCode(200);
        given().get("/q/health/live").then().statusCode(200);
    }

    /** With a token that no provider made. */
    private static int logout() {
        return given().formParam("logout_token", "a.b.c")
                .post("/signin/oidc/backchannel-logout")
                .statusCode();
    }

    private static int closeCode(Made tenant) {
        CompletableFuture<Integer> closed = new CompletableFuture<>();
        HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .header("Authorization", "Bearer " + tenant.token())
                .subprotocols("v5.channel.k8s.io")
                .buildAsync(
                        URI.create("ws://127.0.0.1:" + RestAssured.port + tenant.path("/containers/x/attach")),
                        new WebSocket.Listener() {
                            @Override
                            public CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
                                socket.request(1);
                                return CompletableFuture.completedFuture(null);
                            }

                            @Override
                            public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
                                closed.complete(code);
                                return CompletableFuture.completedFuture(null);
                            }
                        })
                .join();
        return closed.orTimeout(20, TimeUnit.SECONDS).join();
    }
}
