package io.berth.terminal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.berth.containers.ContainerHandle;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** How many clients there may be, and for how long. */
class StreamHubsTest {

    private static final Duration SOON = Duration.ofSeconds(20);

    @Test
    void boundsTheClientsOfAProcess() {
        try (StreamServer server = new StreamServer(Map.of("berth.streams.clients-per-process", "2"))) {
            server.run("box", "cat");
            TestSocket one = server.connect("box/attach?role=viewer");
            TestSocket two = server.connect("box/attach?role=viewer");
            one.awaitBegin();
            two.awaitBegin();
            TestSocket three = server.connect("box/attach?role=viewer");
            assertThat(three.closeCode()).isEqualTo(4429);
            assertThat(three.closeReason()).contains("2");
        }
    }

    @Test
    void boundsTheClientsOfTheServer() {
        try (StreamServer server = new StreamServer(Map.of("berth.streams.clients", "1"))) {
            server.run("a", "cat");
            server.run("b", "cat");
            TestSocket one = server.connect("a/attach");
            one.awaitBegin();
            assertThat(server.connect("b/attach").closeCode()).isEqualTo(4429);
        }
    }

    @Test
    void leavesPlacesToOtherCredentials() {
        try (StreamServer server = new StreamServer(Map.of("berth.streams.clients", "16"))) {
            server.run("box", "cat");
            TestSocket one = server.connect("box/attach?role=viewer");
            TestSocket two = server.connect("box/attach?role=viewer");
            one.awaitBegin();
            two.awaitBegin();
            TestSocket three = server.connect("box/attach?role=viewer");
            assertThat(three.closeCode()).isEqualTo(4429);
            assertThat(three.closeReason())
                    .isEqualTo("streams: 2 are open with this credential, which is its share of 16: close some first");
            one.socket.close();
            await().atMost(SOON).until(() -> server.hubs.clients() == 1);
            TestSocket four = server.connect("box/attach?role=viewer");
            four.awaitBegin();
        }
    }

    @Test
    void letsGoOfAProcessSomeTimeAfterItsLastClient() {
        try (StreamServer server = new StreamServer(Map.of("berth.streams.linger", "10ms"))) {
            server.run("box", "cat");
            TestSocket socket = server.connect("box/attach");
            socket.send(0, "x\n");
            socket.awaitStdout("x\n");
            assertThat(server.hubs.size()).isEqualTo(1);
            socket.socket.close();
            await().atMost(SOON).until(() -> server.hubs.size() == 0);
            TestSocket again = server.connect("box/attach");
            again.send(0, "y\n");
            again.awaitStdout("y\n");
        }
    }

    @Test
    void joinsTheRunThatIsAndNotTheOneBefore() {
        try (StreamServer server = new StreamServer(Map.of("berth.streams.linger", "1h"))) {
            ContainerHandle box = server.run("box", "cat");
            TestSocket before = server.connect("box/attach");
            before.send(0, "x\n");
            before.awaitStdout("x\n");
            server.engine.kill(box.id());
            assertThat(before.closeCode()).isEqualTo(1000);
            assertThat(server.connect("box/attach").closeCode()).isEqualTo(1000);
            server.started.runAgain(box, "cat");
            TestSocket after = server.connect("box/attach");
            after.send(0, "y\n");
            after.awaitStdout("y\n");
            assertThat(server.hubs.size()).isEqualTo(1);
        }
    }

    @Test
    void closesIdleStreams() {
        try (StreamServer server = new StreamServer(Map.of("berth.streams.idle-timeout", "50ms"))) {
            server.run("box", "cat");
            TestSocket socket = server.connect("box/attach");
            assertThat(socket.closeCode()).isEqualTo(4408);
        }
    }

    @Test
    void pingsAndLetsGoOfAClientThatDoesNotAnswer() throws IOException {
        try (StreamServer server = new StreamServer(Map.of("berth.streams.ping-interval", "100ms"));
                Socket silent = new Socket(InetAddress.getLoopbackAddress(), server.port)) {
            server.run("box", "cat");
            silent.setSoTimeout((int) SOON.toMillis());
            DataInputStream in = new DataInputStream(silent.getInputStream());
            silent.getOutputStream().write(upgrade(server.to("box/attach").getURI()));
            skipHead(in);
            int pings = 0;
            while (true) {
                int opcode = in.readUnsignedByte() & 15;
                int length = in.readUnsignedByte();
                byte[] payload = new byte[length == 126 ? in.readUnsignedShort() : length];
                in.readFully(payload);
                if (opcode == 8) {
                    assertThat((payload[0] & 255) << 8 | payload[1] & 255).isEqualTo(4408);
                    assertThat(new String(payload, 2, payload.length - 2, StandardCharsets.UTF_8))
                            .isEqualTo("no answer to pings");
                    break;
                }
                pings += opcode == 9 ? 1 : 0;
            }
            // the limit is two intervals
            assertThat(pings).isBetween(1, 3);
        }
    }

    private static void skipHead(DataInputStream in) throws IOException {
        int last = 0;
        while (last != 0x0d0a0d0a) {
            last = last << 8 | in.readUnsignedByte();
        }
    }

    private static byte[] upgrade(String uri) {
        return ("GET " + uri + " HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                        + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
                        + "Sec-WebSocket-Protocol: v5.channel.k8s.io\r\nAuthorization: Bearer " + StreamServer.TOKEN
                        + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    @Test
    void keepsAClientThatAnswersPings() {
        try (StreamServer server = new StreamServer(Map.of("berth.streams.ping-interval", "400ms"))) {
            server.run("box", "cat");
            TestSocket socket = server.connect("box/attach");
            // an answering client stays, though the limit passes twice
            await().pollDelay(Duration.ofMillis(1700)).atMost(SOON).until(() -> true);
            socket.send(0, "still here\n");
            socket.awaitStdout("still here\n");
        }
    }

    @Test
    void sendsEveryoneAwayWhenTheServerGoesDown() {
        try (StreamServer server = new StreamServer(Map.of())) {
            server.run("box", "cat");
            TestSocket socket = server.connect("box/attach");
            socket.send(0, "x\n");
            socket.awaitStdout("x\n");
            server.hubs.close();
            assertThat(socket.closeCode()).isEqualTo(1001);
        }
    }
}
