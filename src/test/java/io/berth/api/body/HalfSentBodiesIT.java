package io.berth.api.body;

import static io.berth.testing.Api.CONTAINERS;
import static io.berth.testing.Api.admin;
import static io.berth.testing.Api.json;
import static io.berth.testing.Api.sleeper;
import static io.berth.testing.Api.token;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import io.berth.api.problem.GoneClientsFilter;
import io.berth.testing.FakeEngineProfile;
import io.berth.testing.Tenants;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

/** Clients that begin to send and do not go on: they keep nobody else from being served, and are not waited for for ever. */
@QuarkusTest
@TestProfile(HalfSentBodiesIT.Impatient.class)
class HalfSentBodiesIT {

    private static final int MANY = 250;
    private static final Duration TIMEOUT = Duration.ofSeconds(4);

    /** A server that does not wait long. */
    public static final class Impatient extends FakeEngineProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            Map<String, String> config = new java.util.HashMap<>(super.getConfigOverrides());
            config.put("berth.bodies.timeout", TIMEOUT.toSeconds() + "s");
            return config;
        }
    }

    private static Socket send(String head, String body) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), RestAssured.port);
        socket.setSoTimeout(30_000);
        String whole = head.replace("\n", "\r\n") + "Host: 127.0.0.1\r\n\r\n" + body;
        socket.getOutputStream().write(whole.getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().flush();
        return socket;
    }

    private static Socket halfForm() throws IOException {
        return send(
                "POST /signin HTTP/1.1\nContent-Type: application/x-www-form-urlencoded\nContent-Length: 1000\n", "t");
    }

    private static Socket halfJson() throws IOException {
        return send(
                "POST " + CONTAINERS + " HTTP/1.1\nContent-Type: application/json\nContent-Length: 1000\n"
                        + "Authorization: Bearer " + token() + "\n",
                "{");
    }

    /** All until the server closes. */
    private static String answer(Socket socket) throws IOException {
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    @Test
    void holdUpNobodyAndAreGivenUp() throws IOException {
        List<Socket> half = new ArrayList<>();
        try {
            long start = System.nanoTime();
            for (int i = 0; i < MANY; i++) {
                half.add(i % 2 == 0 ? halfForm() : halfJson());
            }
            admin().get(CONTAINERS).then().statusCode(200);
            json("{'image':'busybox','args':[7]}").post(CONTAINERS).then().statusCode(400);
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(TIMEOUT);
            for (Socket socket : half) {
                assertThat(answer(socket))
                        .startsWith("HTTP/1.1 408 ")
                        .containsIgnoringCase("connection: close")
                        .contains("\"code\":\"request-timeout\"", "berth.bodies.timeout");
            }
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(TIMEOUT.multipliedBy(4));
        } finally {
            for (Socket socket : half) {
                socket.close();
            }
        }
    }

    @Test
    void endTheirStreamAloneOnHttp2() {
        Vertx vertx = Vertx.vertx();
        try {
            var client = vertx.createHttpClient(new HttpClientOptions()
                    .setProtocolVersion(HttpVersion.HTTP_2)
                    .setHttp2ClearTextUpgrade(false));
            HttpClientRequest half = client.request(HttpMethod.POST, RestAssured.port, "127.0.0.1", "/signin")
                    .toCompletionStage()
                    .toCompletableFuture()
                    .join();
            half.exceptionHandler(reset -> {});
            half.putHeader("Content-Type", "application/x-www-form-urlencoded").putHeader("Content-Length", "1000");
            half.write("t");
            assertThat(half.response()
                            .toCompletionStage()
                            .toCompletableFuture()
                            .orTimeout(20, TimeUnit.SECONDS)
                            .join()
                            .statusCode())
                    .isEqualTo(408);
            // the rest of the body goes nowhere any more, whether the client has been told of the reset before the end
            // or after
            await().atMost(20, TimeUnit.SECONDS).until(() -> isRefused(half));
            assertThat(client.request(HttpMethod.GET, RestAssured.port, "127.0.0.1", "/q/health/live")
                            .compose(HttpClientRequest::send)
                            .toCompletionStage()
                            .toCompletableFuture()
                            .orTimeout(20, TimeUnit.SECONDS)
                            .join()
                            .statusCode())
                    .isEqualTo(200);
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().join();
        }
    }

    private static boolean isRefused(HttpClientRequest request) {
        try {
            return request.write("t")
                    .toCompletionStage()
                    .toCompletableFuture()
                    .handle((sent, failure) -> failure != null)
                    .get(1, TimeUnit.SECONDS);
        } catch (IllegalStateException | ExecutionException | TimeoutException closed) {
            return closed instanceof IllegalStateException;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Test
    void bodiesWithoutALengthAreBoundedToo() throws IOException {
        String head =
                "POST /signin HTTP/1.1\nContent-Type: application/x-www-form-urlencoded\nTransfer-Encoding: chunked\n";
        String chunk = "10000\r\n" + "x".repeat(0x10000) + "\r\n";
        try (Socket socket = send(head, chunk.repeat(17))) {
            assertThat(answer(socket))
                    .startsWith("HTTP/1.1 413 ")
                    .contains("\"code\":\"too-large\"", "PUT …/images/import");
        }
        try (Socket socket = send(head.replace("Transfer-Encoding: chunked", "Content-Length: 99999999999"), "")) {
            assertThat(answer(socket))
                    .startsWith("HTTP/1.1 413 ")
                    .contains("\"code\":\"too-large\"", "PUT …/images/import");
        }
    }

    @Test
    void whoAsksFirstIsToldToGoOn() throws IOException {
        try (Socket socket = send(
                "POST /signin HTTP/1.1\nContent-Type: application/x-www-form-urlencoded\nContent-Length: 7\n"
                        + "Expect: 100-continue\nConnection: close\n",
                "")) {
            byte[] first = socket.getInputStream().readNBytes(25);
            assertThat(new String(first, StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 100 Continue\r\n\r\n");
            socket.getOutputStream().write("token=x".getBytes(StandardCharsets.US_ASCII));
            assertThat(answer(socket)).doesNotContain("100 Continue").startsWith("HTTP/1.1 ");
        }
    }

    private static Socket halfImport(String tenantPath) throws IOException {
        return send(
                "PUT " + tenantPath + "/images/import?reference=slow:1 HTTP/1.1\nContent-Length: 100000\n"
                        + "Authorization: Bearer " + token() + "\n",
                "x");
    }

    @Test
    void importsOfOneTenantLeavePlacesToOthers() throws IOException {
        Tenants.Made slow = Tenants.make();
        Tenants.Made other = Tenants.make();
        try (Socket one = halfImport(slow.path(""));
                Socket two = halfImport(slow.path(""))) {
            await().untilAsserted(() -> admin().body(new byte[10])
                    .contentType("application/x-tar")
                    .put(slow.path("/images/import?reference=third:1"))
                    .then()
                    .statusCode(429)
                    .body("code", equalTo("rate-limited")));
            admin().body(new byte[10])
                    .contentType("application/x-tar")
                    .put(other.path("/images/import?reference=other:1"))
                    .then()
                    .statusCode(422);
            assertThat(one.isConnected() && two.isConnected()).isTrue();
        }
        await().untilAsserted(() -> admin().body(new byte[10])
                .contentType("application/x-tar")
                .put(slow.path("/images/import?reference=third:1"))
                .then()
                .statusCode(422));
    }

    /** What is logged as an error while it is open. */
    private static final class Errors extends Handler implements AutoCloseable {

        private final List<String> seen = new java.util.concurrent.CopyOnWriteArrayList<>();
        private final Logger root = Logger.getLogger("");

        Errors() {
            setFilter(new GoneClientsFilter());
            root.addHandler(this);
        }

        @Override
        public void publish(LogRecord record) {
            if (isLoggable(record) && record.getLevel().intValue() >= Level.WARNING.intValue()) {
                seen.add(record.getLoggerName() + ": " + record.getMessage() + " " + record.getThrown());
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {
            root.removeHandler(this);
        }
    }

    /** Leaves one stream of an HTTP/2 connection when it has begun. */
    private static void leaveStream(Vertx vertx, String path) {
        vertx.createHttpClient(new HttpClientOptions()
                        .setProtocolVersion(HttpVersion.HTTP_2)
                        .setHttp2ClearTextUpgrade(false))
                .request(HttpMethod.GET, RestAssured.port, "127.0.0.1", path)
                .compose(request -> request.putHeader("Accept", "text/event-stream")
                        .putHeader("Authorization", "Bearer " + token())
                        .send())
                .onSuccess(
                        response -> response.handler(part -> response.request().reset(8)))
                .toCompletionStage()
                .toCompletableFuture()
                .orTimeout(20, TimeUnit.SECONDS)
                .join();
    }

    @Test
    void whoLeavesIsNoError() throws Exception {
        String container = sleeper();
        try (Errors errors = new Errors()) {
            List<Socket> leaving = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                leaving.add(halfJson());
                leaving.add(halfImport("/api/v1/tenants/default"));
                for (String path : List.of(
                        CONTAINERS + "/" + container + "/stats",
                        CONTAINERS + "/" + container + "/logs?follow=true",
                        "/api/v1/tenants/default/events")) {
                    leaving.add(send(
                            "GET " + path + " HTTP/1.1\nAccept: text/event-stream\nAuthorization: Bearer " + token()
                                    + "\n",
                            ""));
                }
            }
            Vertx vertx = Vertx.vertx();
            leaveStream(vertx, CONTAINERS + "/" + container + "/stats");
            leaveStream(vertx, "/api/v1/tenants/default/events");
            TimeUnit.SECONDS.sleep(1); // for answers to begin
            for (Socket socket : leaving) {
                socket.setSoLinger(true, 0);
                socket.close();
            }
            vertx.close().toCompletionStage().toCompletableFuture().join();
            TimeUnit.SECONDS.sleep(3); // for what is still to be written to fail
            given().get("/q/health/live").then().statusCode(200);
            assertThat(errors.seen).isEmpty();
            Logger.getLogger("control").warning("seen");
            assertThat(errors.seen).hasSize(1);
        }
    }
}
