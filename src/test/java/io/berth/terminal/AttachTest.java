package io.berth.terminal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.http.WebSocketFrame;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is said on a stream: the protocol, replay, and who writes. */
class AttachTest {

    private static final Duration SOON = Duration.ofSeconds(20);

    private final StreamServer server = new StreamServer(Map.of());

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void beginsWithOneByteAndCopiesInputToTheProcess() {
        server.run("box", "cat");
        TestSocket socket = server.connect("box/attach");
        socket.send(0, "hello\n");
        socket.awaitStdout("hello\n");
        assertThat(socket.first()).isEqualTo("01");
        assertThat(socket.socket.subProtocol()).isEqualTo("v5.channel.k8s.io");
        assertThat(socket.notices()).isEmpty();
    }

    @Test
    void tellsHowTheProcessEndedAndClosesNormally() {
        TestSocket good = server.connect(server.pipes("good", "exit", "0"));
        assertThat(good.closeCode()).isEqualTo(1000);
        assertThat(good.status()).isEqualTo(new JsonObject("{\"metadata\":{},\"status\":\"Success\"}"));
        TestSocket bad = server.connect(server.pipes("bad", "exit", "7"));
        assertThat(bad.closeCode()).isEqualTo(1000);
        assertThat(String.valueOf(bad.status())).contains("NonZeroExitCode").contains("\"message\":\"7\"");
    }

    @Test
    void givesAllOutputOfAnExecThatEndedBeforeAnybodyCame() {
        TestSocket socket = server.connect(server.pipes("box", "err", "oh", "no"));
        assertThat(socket.closeCode()).isEqualTo(1000);
        assertThat(socket.stderr()).isEqualTo("oh no\n");
    }

    @Test
    void endsTheInputByAHalfClose() {
        TestSocket socket = server.connect(server.pipes("box", "cat"));
        socket.send(0, "the end");
        socket.socket.writeBinaryMessage(Buffer.buffer(new byte[] {(byte) 0xFF, 0}));
        assertThat(socket.closeCode()).isEqualTo(1000);
        assertThat(socket.stdout()).isEqualTo("the end");
    }

    @Test
    void resizesTheTerminal() {
        TestSocket socket = server.connect(server.session("box", "size"));
        socket.send(4, "{\"Width\":132,\"Height\":43}");
        socket.send(0, "\n");
        socket.awaitStdout("43 132");
    }

    @Test
    void putsFragmentsTogether() {
        server.run("box", "cat");
        TestSocket socket = server.connect("box/attach");
        socket.send(WebSocketFrame.binaryFrame(Buffer.buffer(new byte[] {0, 'a'}), false));
        socket.send(WebSocketFrame.continuationFrame(Buffer.buffer("b"), false));
        socket.send(WebSocketFrame.continuationFrame(Buffer.buffer("c\n"), true));
        socket.awaitStdout("abc\n");
    }

    @Test
    void watchesRatherThanBeingRefusedIfItAsksTo() {
        String path = server.session("box", "cat");
        TestSocket writer = server.connect(path + "?notices=1&watch=1");
        writer.awaitNotice(new JsonObject("{\"role\":\"writer\"}"));
        TestSocket second = server.connect(path + "?notices=1&watch=1");
        second.awaitNotice(new JsonObject("{\"role\":\"viewer\"}"));
        second.send(0, "dropped\n");
        writer.send(0, "typed\n");
        second.awaitStdout("typed\r\ntyped\r\n");
        assertThat(second.stdout()).doesNotContain("dropped");
    }

    @Test
    void tellsWhoIsThereAndWhoWrites() {
        String path = server.session("box", "cat");
        TestSocket first = server.connect(path + "?notices=1");
        first.awaitNotice(presence("writer you"));
        TestSocket second = server.connect(path + "?notices=1&role=viewer");
        second.awaitNotice(presence("writer", "viewer you"));
        first.awaitNotice(presence("writer you", "viewer"));
        second.socket.close();
        first.awaitNotice(presence("writer you"));
        TestSocket third = server.connect(path + "?notices=1&takeover=1");
        third.awaitNotice(presence("writer you", "viewer"));
        first.awaitNotice(presence("writer", "viewer you"));
    }

    private static JsonObject presence(String... roles) {
        JsonArray attached = new JsonArray();
        for (String each : roles) {
            attached.add(new JsonObject()
                    .put("name", "somebody")
                    .put("role", each.replace(" you", ""))
                    .put("you", each.endsWith("you")));
        }
        return new JsonObject().put("clients", roles.length).put("attached", attached);
    }

    @Test
    void replaysASessionFromAnOffsetAndTellsWhere() {
        String path = server.session("box", "cat");
        TestSocket first = server.connect(path);
        first.send(0, "abc\n");
        first.awaitStdout("abc\r\nabc\r\n");
        first.socket.close();
        await().atMost(SOON).until(first::isClosed);
        TestSocket again = server.connect(path + "?since=7");
        again.awaitStdout("c\r\n");
        again.awaitNotice(new JsonObject("{\"offset\":7,\"lost\":0,\"end\":10}"));
        again.awaitNotice(new JsonObject("{\"role\":\"writer\"}"));
        assertThat(again.stdout()).isEqualTo("c\r\n");
    }

    @Test
    void tellsWhatAReplayLost() {
        String path = server.session("box", "flood", Integer.toString(3 << 20));
        TestSocket late = server.connect(path + "?since=10");
        assertThat(late.closeCode()).isEqualTo(1000);
        JsonObject position = late.lastPosition();
        assertThat(position.getLong("lost")).isPositive();
        assertThat(position.getLong("offset")).isEqualTo(10 + position.getLong("lost"));
        // a terminal adds a carriage return to every line's end, so the total is not the flood's
        assertThat(late.stdoutBytes().length).isGreaterThan(500_000);
    }

    @Test
    void letsOneWriteAndOthersWatch() {
        server.run("box", "cat");
        TestSocket writer = server.connect("box/attach");
        writer.awaitBegin();
        TestSocket viewer = server.connect("box/attach?role=viewer");
        assertThat(server.connect("box/attach").closeCode()).isEqualTo(4409);
        viewer.awaitBegin();
        writer.send(0, "seen by all\n");
        writer.awaitStdout("seen by all\n");
        viewer.awaitStdout("seen by all\n");
        viewer.send(0, "me too\n");
        assertThat(viewer.closeCode()).isEqualTo(1008);
        assertThat(viewer.closeReason()).contains("viewer");
        writer.socket.close();
        await().atMost(SOON).until(writer::isClosed);
        await().atMost(SOON).until(() -> {
            TestSocket next = server.connect("box/attach");
            next.send(0, "next\n");
            await().atMost(SOON).until(() -> next.isClosed() || next.stdout().contains("next\n"));
            return !next.isClosed();
        });
    }

    @Test
    void anotherMayTakeOver() {
        server.run("box", "cat");
        TestSocket old = server.connect("box/attach?notices=1");
        old.awaitNotice(new JsonObject("{\"role\":\"writer\"}"));
        TestSocket taker = server.connect("box/attach?takeover=true&notices=1");
        taker.awaitNotice(new JsonObject("{\"role\":\"writer\"}"));
        old.awaitNotice(new JsonObject("{\"role\":\"viewer\"}"));
        old.send(0, "too late\n");
        taker.send(0, "mine\n");
        old.awaitStdout("mine\n");
        taker.awaitStdout("mine\n");
        assertThat(taker.stdout()).doesNotContain("too late");
        assertThat(old.isClosed()).isFalse();
    }

    @Test
    void refusesUnknownProtocols() {
        server.run("box", "cat");
        WebSocketConnectOptions options = server.to("box/attach");
        options.setSubProtocols(List.of());
        TestSocket socket = server.connect(options);
        assertThat(socket.closeCode()).isEqualTo(1002);
        assertThat(socket.closeReason()).contains("v5.channel.k8s.io");
    }

    @Test
    void refusesTextWrongChannelsAndBadSizes() {
        server.run("box", "cat");
        TestSocket text = server.connect("box/attach?role=viewer");
        text.socket.writeTextMessage("hello");
        assertThat(text.closeCode()).isEqualTo(1003);
        TestSocket channel = server.connect("box/attach?role=viewer");
        channel.send(7, "hello");
        assertThat(channel.closeCode()).isEqualTo(1002);
        assertThat(channel.closeReason()).contains("channel 7");
        TestSocket size = server.connect("box/attach?role=viewer");
        size.send(4, "{\"Width\":\"wide\"}");
        assertThat(size.closeCode()).isEqualTo(1008);
        TestSocket closing = server.connect("box/attach?role=viewer");
        closing.socket.writeBinaryMessage(Buffer.buffer());
        closing.send(0, "");
        closing.send(255, "\u0001");
        server.connect("box/attach").send(0, "all well\n");
        closing.awaitStdout("all well\n");
    }

    @Test
    void refusesMessagesThatAreTooLargeInOneFrameOrMany() {
        server.run("box", "cat");
        TestSocket one = server.connect("box/attach?role=viewer");
        one.send(WebSocketFrame.binaryFrame(Buffer.buffer(new byte[2 << 20]), true));
        assertThat(one.closeCode()).isEqualTo(1009);
        TestSocket many = server.connect("box/attach?role=viewer");
        many.send(WebSocketFrame.binaryFrame(Buffer.buffer(new byte[600 << 10]), false));
        many.send(WebSocketFrame.continuationFrame(Buffer.buffer(new byte[600 << 10]), true));
        assertThat(many.closeCode()).isEqualTo(1009);
    }
}
