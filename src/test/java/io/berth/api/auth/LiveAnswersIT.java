package io.berth.api.auth;

import static io.berth.testing.Api.admin;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.startsWith;

import io.berth.testing.FakeEngineProfile;
import io.berth.testing.Tenants;
import io.berth.testing.Tenants.Made;
import io.berth.testing.TestTokens;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Room for answers under way, and who has how much of it. */
@QuarkusTest
@TestProfile(LiveAnswersIT.LittleRoom.class)
class LiveAnswersIT {

    /** 16 answers: 4 of a tenant, 2 with one credential. */
    public static final class LittleRoom extends FakeEngineProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            Map<String, String> config = new HashMap<>(super.getConfigOverrides());
            config.put("berth.http.live-answers", "16");
            return config;
        }
    }

    private final List<Socket> open = new ArrayList<>();

    @AfterEach
    void closeAll() throws IOException {
        for (Socket socket : open) {
            socket.close();
        }
    }

    /** Follows events; returns once the answer has begun. */
    private void follow(Made tenant, String token) throws IOException {
        follow(tenant, token, "");
    }

    private void follow(Made tenant, String token, String headers) throws IOException {
        Socket socket = new Socket("127.0.0.1", RestAssured.port);
        open.add(socket);
        String request =
                "GET " + tenant.path("/events") + " HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n"
                        + "Authorization: Bearer " + token + "\r\n" + headers + "\r\n";
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        byte[] start = socket.getInputStream().readNBytes(12);
        if (!new String(start, StandardCharsets.US_ASCII).equals("HTTP/1.1 200")) {
            throw new AssertionError(new String(start, StandardCharsets.US_ASCII));
        }
    }

    @Test
    void leavesRoomToOthers() throws Exception {
        Made acme = Tenants.make();
        Made beta = Tenants.make();
        follow(acme, acme.token());
        follow(acme, acme.token());
        acme.owner()
                .get(acme.path(""))
                .then()
                .statusCode(429)
                .header("Retry-After", equalTo("5"))
                .body("code", equalTo("rate-limited"))
                .body("detail", startsWith("answers under way: 2 are open with this credential"));
        String other = TestTokens.of(acme.name(), "VIEWER");
        // what would open a stream elsewhere does not make it anything else here
        follow(acme, other, "Connection: upgrade\r\nUpgrade: websocket\r\n");
        TestTokens.as(TestTokens.of(acme.name(), "MEMBER"))
                .get(acme.path(""))
                .then()
                .statusCode(200);
        follow(acme, other, "Upgrade: WebSocket\r\n");
        TestTokens.as(TestTokens.of(acme.name(), "MEMBER"))
                .get(acme.path(""))
                .then()
                .statusCode(429)
                .body("detail", startsWith("answers under way: 4 are open, which is the share of one tenant or user"));
        beta.owner().get(beta.path("")).then().statusCode(200);
        admin().get(acme.path("")).then().statusCode(200);
        closeAll();
        await().untilAsserted(() -> acme.owner().get(acme.path("")).then().statusCode(200));
    }
}
