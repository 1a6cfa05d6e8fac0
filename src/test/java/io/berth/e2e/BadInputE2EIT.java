package io.berth.e2e;

import static io.berth.e2e.Client.CONTAINERS;
import static io.berth.e2e.Client.TENANT;
import static io.berth.e2e.Client.path;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;

import io.berth.images.content.TarBuilder;
import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a client, a file or a host may get wrong: each is refused by name, leaves nothing, and harms nobody else. */
@EndToEnd
class BadInputE2EIT {

    private final ServerProcess server;
    private final Client client;

    BadInputE2EIT(ServerProcess server) {
        this.server = server;
        this.client = new Client(server);
    }

    @AfterEach
    void theServerIsWellAndNothingIsLeft() {
        String good = client.sleeper();
        assertThat(client.exec(good, "echo well")).isEqualTo("well\n");
        client.deleteAll();
        await().untilAsserted(() -> assertThat(server.traces().containers()).isEmpty());
    }

    @Test
    void specsThatCannotBeMeant() {
        refused("{'image':'127.0.0.1:1/no-such:1'}", 422, "registry-address-refused")
                .body("detail", containsString("127.0.0.1"));
        refused("{'image':'busybox','colour':'blue'}", 400, "unknown-field").body("detail", containsString("colour"));
        refused("{'image':'busybox','name':'../../etc'}", 400, "validation-failed");
        refused("{'image':'busybox','name':'" + "n".repeat(300) + "'}", 400, "validation-failed");
        refused("{'image':''}", 400, "validation-failed");
        refused("{'image':'busybox','resources':{'memory':'-1'}}", 400, "validation-failed");
        refused("{'image':'busybox','resources':{'memory':'99999999999GiB'}}", 400, "validation-failed");
        refused("{'image':'busybox','resources':{'cpus':-1}}", 400, "validation-failed");
        refused("{'image':'busybox','resources':{'cpus':1e300}}", 400, "validation-failed");
        refused("{'image':'busybox','resources':{'pids':0}}", 400, "validation-failed");
        client.get(CONTAINERS).then().body("items", empty());
    }

    @Test
    void commandsAndUsersThatDoNotExist() {
        refused("{'image':'busybox','command':['/no/such']}", 422, "command-not-found")
                .body("detail", containsString("'/no/such'"));
        refused("{'image':'busybox','command':['true'],'user':'nobody-such'}", 422, "user-not-found")
                .body("detail", containsString("'nobody-such'"));
        refused("{'image':'busybox','command':['true'],'user':'70000'}", 422, "user-not-found")
                .body("detail", containsString("'70000' is out of range"));
        refused("{'image':'busybox','command':['true'],'user':'-1'}", 422, "user-not-found")
                .body("detail", containsString("'-1' is out of range"));
        refused("{'image':'busybox','command':['true'],'workingDir':'/proc/self/fd/7'}", 400, "validation-failed")
                .body("detail", containsString("/proc/self/fd/7"));
        String container = client.sleeper();
        for (String how : List.of("'wait':true", "'wait':false", "'stdin':true", "'tty':true")) {
            client.json("{" + how + ",'command':['/no/such']}")
                    .post(path(container, "execs"))
                    .then()
                    .statusCode(422)
                    .body("code", equalTo("command-not-found"))
                    .body("detail", containsString("'/no/such'"));
        }
        client.get(path(container, "execs")).then().body("items", empty());
        client.get(CONTAINERS).then().body("items.id", contains(container));
    }

    @Test
    void imagesWithSomethingInTheWay() {
        byte[] archive = new TarBuilder()
                .file("bin/sh", 0755, new byte[100])
                .file("etc", 0644, new byte[1])
                .build();
        client.request()
                .contentType(ContentType.BINARY)
                .queryParam("reference", "odd:1")
                .body(archive)
                .put(TENANT + "/images/import")
                .then()
                .statusCode(201);
        refused("{'image':'odd:1','command':['sh']}", 422, "invalid-image")
                .body("detail", containsString("/etc in the container's file system must be a directory"));
        String id = client.get(TENANT + "/images").path("items.find { it.reference.contains('odd') }.id");
        client.request().delete(TENANT + "/images/" + id).then().statusCode(204);
    }

    @Test
    void bodiesThatWouldBeIgnored() {
        String container = client.sleeper();
        client.json("{'timeout':2,'bogus':2}")
                .post(path(container, "stop"))
                .then()
                .statusCode(400)
                .body("code", equalTo("bad-request"))
                .body("detail", containsString("stop?timeout=2"));
        client.json("{}").post(path(container, "pause")).then().statusCode(200);
        client.request().post(path(container, "resume")).then().statusCode(200);
        client.json("{'x':1}").post(path(container, "start")).then().statusCode(400);
    }

    @Test
    void aClientThatLeavesAnExecItWaitsFor() throws IOException {
        String container = client.sleeper();
        String body = "{\"wait\":true,\"command\":[\"sh\",\"-c\",\"sleep 54321; true\"]}";
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            DataOutputStream out = new DataOutputStream(socket.getOutputStream());
            out.writeBytes("POST " + path(container, "execs") + " HTTP/1.1\r\nHost: 127.0.0.1:" + server.port()
                    + "\r\nContent-Type: application/json\r\nContent-Length: " + body.length()
                    + "\r\nAuthorization: Bearer " + server.token() + "\r\n\r\n" + body);
            await().untilAsserted(() -> client.get(path(container, "execs"))
                    .then()
                    .body("items.size()", equalTo(1))
                    .body("items[0].state", equalTo("running")));
            await().until(() -> server.traces().containers().contains(container)
                    && client.get(path(container, "processes")).asString().contains("54321"));
        }
        await().untilAsserted(() -> client.get(path(container, "execs")).then().body("items", empty()));
        await().untilAsserted(() ->
                assertThat(client.get(path(container, "processes")).asString()).doesNotContain("54321"));
    }

    @Test
    void bodiesThatAreNoJsonOfReasonableSize() {
        refused("{'image':", 400, "bad-request");
        refused("[[[", 400, "bad-request");
        refused("{'image':" + "[".repeat(100_000), 400, "validation-failed");
        refused("{'image':'busybox','args':[" + "'',".repeat(700_000) + "'']}", 413, "too-large");
    }

    private ValidatableResponse refused(String body, int status, String code) {
        return client.json(body).post(CONTAINERS).then().statusCode(status).body("code", equalTo(code));
    }

    @Test
    void archivesThatAreNone() {
        byte[] good = new TarBuilder().file("bin/sh", 0755, new byte[10_000]).build();
        refusedArchive("no archive at all".repeat(100).getBytes(StandardCharsets.UTF_8), "invalid-archive");
        refusedArchive(new byte[0], "invalid-archive");
        refusedArchive(Arrays.copyOf(good, 5_000), "invalid-archive");
        byte[] climbing =
                new TarBuilder().file("../../../../escaped", 0644, new byte[1]).build();
        refusedArchive(climbing, "invalid-image").body("detail", containsString("escaped"));
        client.get(TENANT + "/images").then().body("items.findAll { it.toString().contains('bad:') }", empty());
    }

    private ValidatableResponse refusedArchive(byte[] archive, String code) {
        return client.request()
                .contentType(ContentType.BINARY)
                .queryParam("reference", "bad:1")
                .body(archive)
                .put(TENANT + "/images/import")
                .then()
                .statusCode(422)
                .body("code", equalTo(code));
    }

    @Test
    void aStreamOfWhatHasEnded() {
        String ended = client.run("exit 0");
        client.await(ended, "stopped");
        try (StreamClient refused = StreamClient.attach(server, path(ended))) {
            assertThat(refused.closeCode()).isEqualTo(4409);
        }
    }

    /** The header of a frame of 100 MB is enough to be refused; the rest need not be sent. */
    @Test
    void aFrameThatWouldFillTheMemory() throws IOException {
        String shell = client.startExec(client.sleeper(), "{'command':['sh'],'tty':true}");
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.setSoTimeout(30_000);
            DataOutputStream out = new DataOutputStream(socket.getOutputStream());
            DataInputStream in = new DataInputStream(socket.getInputStream());
            out.writeBytes("GET " + shell + "/attach HTTP/1.1\r\nHost: 127.0.0.1:" + server.port()
                    + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                    + "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Protocol: v5.channel.k8s.io\r\n"
                    + "Authorization: Bearer " + server.token() + "\r\n\r\n");
            assertThat(head(in)).startsWith("HTTP/1.1 101");
            out.write(new byte[] {(byte) 0x82, (byte) 0xff});
            out.writeLong(100L << 20);
            out.writeInt(0);
            out.write(new byte[1024]);
            assertThat(closeCode(in)).isEqualTo(1009);
        }
    }

    private static String head(DataInputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            head.append((char) in.readUnsignedByte());
        }
        return head.toString();
    }

    /** Reads frames until the one that closes. */
    private static int closeCode(DataInputStream in) throws IOException {
        while (true) {
            int opcode = in.readUnsignedByte() & 15;
            int length = in.readUnsignedByte();
            byte[] payload = new byte[length == 126 ? in.readUnsignedShort() : length];
            in.readFully(payload);
            if (opcode == 8) {
                return (payload[0] & 255) << 8 | payload[1] & 255;
            }
        }
    }

    @Test
    void aHostWithoutARuntime() {
        try (ServerProcess lacking = ServerProcess.create().with("BERTH_ENGINE_RUNTIME", "/nonexistent/crun")) {
            assertThat(lacking.runToItsEnd()).isNotZero();
            assertThat(lacking.log())
                    .contains("\nberth: the program '/nonexistent/crun' is not installed: install the package crun")
                    .doesNotContain("EngineException", "\tat ");
        }
    }
}
