package io.berth.terminal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.berth.api.auth.CredentialRevoked;
import io.berth.containers.ContainerHandle;
import io.berth.engine.TerminalSize;
import io.berth.execs.Exec;
import io.berth.execs.ExecSpec;
import io.berth.tenants.TenantId;
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

class AttachTest {

    private static final Duration SOON = Duration.ofSeconds(20);

    private StreamServer server = new StreamServer(Map.of());

    @AfterEach
    void stop() {
        server.close();
    }

    private void restartWith(Map<String, String> settings) {
        server.close();
        server = new StreamServer(settings);
    }

    private static ExecSpec spec(boolean tty, String... args) {
        return new ExecSpec(List.of(args), Map.of(), null, null, tty, true, tty ? new TerminalSize(80, 24) : null);
    }

    private String session(String container, String... args) {
        return container + "/execs/"
                + server.execs
                        .start(server.run(container, "sleep"), spec(true, args))
                        .id() + "/attach";
    }

    private String pipes(String container, String... args) {
        return container + "/execs/"
                + server.execs
                        .start(server.run(container, "sleep"), spec(false, args))
                        .id() + "/attach";
    }

    // --- the conversation

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
    void recordsWhoOpenedAndLeftAndWhoWasNotLetIn() {
        server.run("box", "cat");
        TestSocket writer = server.connect("box/attach");
        writer.send(0, "x\n");
        writer.awaitStdout("x\n");
        assertThat(server.connect("box/attach").closeCode()).isEqualTo(4409);
        TestSocket taker = server.connect("box/attach?takeover=true");
        taker.send(0, "y\n");
        taker.awaitStdout("y\n");
        assertThat(server.connect("none/attach").closeCode()).isEqualTo(4404);
        StreamServer.join(taker.socket.close());
        await().untilAsserted(() -> assertThat(server.audit.lines)
                .containsExactly(
                        "opened somebody writer container ctr_box",
                        "refused somebody writer container ctr_box 4409",
                        "opened somebody writer container ctr_box by takeover",
                        "refused somebody none 4404",
                        "closed somebody writer container ctr_box"));
    }

    @Test
    void tellsHowTheProcessEndedAndClosesNormally() {
        TestSocket good = server.connect(pipes("good", "exit", "0"));
        assertThat(good.closeCode()).isEqualTo(1000);
        assertThat(good.status()).isEqualTo(new JsonObject("{\"metadata\":{},\"status\":\"Success\"}"));
        TestSocket bad = server.connect(pipes("bad", "exit", "7"));
        assertThat(bad.closeCode()).isEqualTo(1000);
        assertThat(String.valueOf(bad.status())).contains("NonZeroExitCode").contains("\"message\":\"7\"");
    }

    @Test
    void givesAllOutputOfAnExecThatEndedBeforeAnybodyCame() {
        TestSocket socket = server.connect(pipes("box", "err", "oh", "no"));
        assertThat(socket.closeCode()).isEqualTo(1000);
        assertThat(socket.stderr()).isEqualTo("oh no\n");
    }

    @Test
    void endsTheInputByAHalfClose() {
        TestSocket socket = server.connect(pipes("box", "cat"));
        socket.send(0, "the end");
        socket.socket.writeBinaryMessage(Buffer.buffer(new byte[] {(byte) 0xFF, 0}));
        assertThat(socket.closeCode()).isEqualTo(1000);
        assertThat(socket.stdout()).isEqualTo("the end");
    }

    @Test
    void resizesTheTerminal() {
        TestSocket socket = server.connect(session("box", "size"));
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
    void carriesMegabytesWithoutLosingAByte() {
        int bytes = 16 << 20;
        TestSocket socket = server.connect(pipes("box", "flood", Integer.toString(bytes)) + "?notices=1");
        assertThat(socket.closeCode()).isEqualTo(1000);
        byte[] all = socket.stdoutBytes();
        assertThat(all.length).as("bytes; %s", socket.notices()).isEqualTo(bytes);
        for (int i = 0; i < bytes; i += 997) {
            assertThat(all[i]).isEqualTo((byte) (i % 251));
        }
    }

    @Test
    void makesTheProcessWaitForASlowWriter() {
        ContainerHandle box = server.run("box", "sleep");
        Exec exec = server.execs.start(box, spec(false, "flood", Integer.toString(64 << 20)));
        TestSocket socket = server.connect("box/execs/" + exec.id() + "/attach");
        socket.socket.pause();
        // the kernel's socket buffers take some megabytes, and then everything stands
        await().pollDelay(Duration.ofMillis(300)).atMost(SOON).until(() -> true);
        assertThat(server.execs.get(box, exec.id().value()).isRunning()).isTrue();
        socket.socket.resume();
        await().atMost(Duration.ofSeconds(60)).until(socket::isClosed);
        assertThat(socket.stdoutBytes().length).isEqualTo(64 << 20);
    }

    @Test
    void sendsNoMoreThanTheWindowBeforeItIsAcknowledged() {
        int window = 64 << 10;
        int bytes = 8 << 20;
        ContainerHandle box = server.run("box", "sleep");
        Exec exec = server.execs.start(box, spec(false, "flood", Integer.toString(bytes)));
        TestSocket socket = server.connect("box/execs/" + exec.id() + "/attach?notices=1&window=" + window);
        int most = window + (1 << 20);
        await().atMost(SOON).until(() -> socket.stdoutBytes().length >= window);
        await().during(Duration.ofMillis(200)).atMost(SOON).until(() -> socket.stdoutBytes().length <= most);

        while (!socket.isClosed()) {
            socket.send(5, "{\"ack\":" + socket.stdoutBytes().length + "}");
            Thread.onSpinWait();
        }
        assertThat(socket.closeCode()).isEqualTo(1000);
        assertThat(socket.stdoutBytes().length).isEqualTo(bytes);
    }

    @Test
    void refusesAcknowledgementsNobodyAskedForAndImpossibleOnes() {
        String path = session("box", "cat");
        TestSocket plain = server.connect(path);
        plain.send(5, "{\"ack\":0}");
        assertThat(plain.closeCode()).isEqualTo(1002);

        for (String ack : List.of("{\"ack\":1000000}", "{\"ack\":-1}", "{\"ack\":\"1\"}", "{}", "[", "")) {
            TestSocket socket = server.connect(path + "?window=65536&takeover=1");
            socket.send(5, ack);
            assertThat(socket.closeCode()).as(ack).isEqualTo(1008);
        }
        assertThat(server.connect(path + "?window=1").closeCode()).isEqualTo(1008);
    }

    @Test
    void watchesRatherThanBeingRefusedIfItAsksTo() {
        String path = session("box", "cat");
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
        String path = session("box", "cat");
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

    // --- replay, roles

    @Test
    void replaysASessionFromAnOffsetAndTellsWhere() {
        String path = session("box", "cat");
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
        String path = session("box", "flood", Integer.toString(3 << 20));
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
        await().atMost(SOON).until(() -> "01".equals(writer.first()));
        TestSocket viewer = server.connect("box/attach?role=viewer");
        assertThat(server.connect("box/attach").closeCode()).isEqualTo(4409);
        await().atMost(SOON).until(() -> "01".equals(viewer.first()));
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
    void aSlowViewerIsMovedForwardAndStallsNobody() {
        int bytes = 64 << 20;
        String path = pipes("box", "flood", Integer.toString(bytes));
        TestSocket slow = server.connect(path + "?role=viewer&notices=1");
        slow.socket.pause();
        TestSocket writer = server.connect(path + "?notices=1");
        await().atMost(Duration.ofSeconds(60)).until(writer::isClosed);
        JsonObject position = writer.lastPosition();
        assertThat(writer.stdoutBytes().length).isEqualTo((int) (bytes - position.getLong("offset")));
        slow.socket.resume();
        await().atMost(Duration.ofSeconds(60)).until(slow::isClosed);
        assertThat(slow.notices())
                .anySatisfy(n -> assertThat(n.getLong("lost", 0L)).isPositive());
        long lost =
                slow.notices().stream().mapToLong(n -> n.getLong("lost", 0L)).sum();
        JsonObject first = slow.notices().stream()
                .filter(n -> n.containsKey("offset"))
                .findFirst()
                .orElseThrow();
        assertThat(slow.stdoutBytes().length + lost + first.getLong("offset") - first.getLong("lost"))
                .isEqualTo(bytes);
    }

    @Test
    void boundsTheClientsOfAProcess() {
        restartWith(Map.of("berth.streams.clients-per-process", "2"));
        server.run("box", "cat");
        TestSocket one = server.connect("box/attach?role=viewer");
        TestSocket two = server.connect("box/attach?role=viewer");
        await().atMost(SOON).until(() -> one.first() != null && two.first() != null);
        TestSocket three = server.connect("box/attach?role=viewer");
        assertThat(three.closeCode()).isEqualTo(4429);
        assertThat(three.closeReason()).contains("2");
    }

    @Test
    void boundsTheClientsOfTheServer() {
        restartWith(Map.of("berth.streams.clients", "1"));
        server.run("a", "cat");
        server.run("b", "cat");
        TestSocket one = server.connect("a/attach");
        await().atMost(SOON).until(() -> one.first() != null);
        assertThat(server.connect("b/attach").closeCode()).isEqualTo(4429);
    }

    @Test
    void leavesPlacesToOtherCredentials() {
        restartWith(Map.of("berth.streams.clients", "16"));
        server.run("box", "cat");
        TestSocket one = server.connect("box/attach?role=viewer");
        TestSocket two = server.connect("box/attach?role=viewer");
        await().atMost(SOON).until(() -> one.first() != null && two.first() != null);
        TestSocket three = server.connect("box/attach?role=viewer");
        assertThat(three.closeCode()).isEqualTo(4429);
        assertThat(three.closeReason())
                .isEqualTo("streams: 2 are open with this credential, which is its share of 16: close some first");
        one.socket.close();
        await().atMost(SOON).until(() -> server.hubs.clients() == 1);
        TestSocket four = server.connect("box/attach?role=viewer");
        await().atMost(SOON).until(() -> four.first() != null);
    }

    @Test
    void letsGoOfAProcessSomeTimeAfterItsLastClient() {
        restartWith(Map.of("berth.streams.linger", "10ms"));
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

    @Test
    void closesIdleStreams() {
        restartWith(Map.of("berth.streams.idle-timeout", "50ms"));
        server.run("box", "cat");
        TestSocket socket = server.connect("box/attach");
        assertThat(socket.closeCode()).isEqualTo(4408);
    }

    @Test
    void pings() {
        restartWith(Map.of("berth.streams.ping-interval", "30ms"));
        server.run("box", "cat");
        TestSocket socket = server.connect("box/attach");
        // an answering client stays, though many times the limit passes
        await().pollDelay(Duration.ofMillis(300)).atMost(SOON).until(() -> true);
        socket.send(0, "still here\n");
        socket.awaitStdout("still here\n");
    }

    @Test
    void sendsEveryoneAwayWhenTheServerGoesDown() {
        server.run("box", "cat");
        TestSocket socket = server.connect("box/attach");
        socket.send(0, "x\n");
        socket.awaitStdout("x\n");
        server.hubs.close();
        assertThat(socket.closeCode()).isEqualTo(1001);
    }

    // --- refusals

    @Test
    void refusesUnknownThings() {
        server.run("box", "cat");
        assertThat(server.connect("nowhere/attach").closeCode()).isEqualTo(4404);
        assertThat(server.connect("box/execs/exe_none/attach").closeCode()).isEqualTo(4404);
        WebSocketConnectOptions elsewhere = server.to("box/attach");
        elsewhere.setURI("/api/v1/tenants/other/containers/box/attach");
        assertThat(server.connect(elsewhere).closeCode()).isEqualTo(4404);
        elsewhere.setURI("/api/v1/tenants/No_Tenant/containers/box/attach");
        assertThat(server.connect(elsewhere).closeCode()).isEqualTo(4404);
    }

    @Test
    void refusesAStoppedContainer() {
        ContainerHandle box = server.run("box", "sleep");
        server.engine.kill(box.id());
        TestSocket socket = server.connect("box/attach");
        assertThat(socket.closeCode()).isEqualTo(4409);
        assertThat(socket.closeReason()).contains("not running");
    }

    @Test
    void refusesMissingWrongAndTwoTokens() {
        server.run("box", "cat");
        WebSocketConnectOptions none = server.to("box/attach");
        none.getHeaders().remove("Authorization");
        assertThat(server.connect(none).closeCode()).isEqualTo(4401);
        WebSocketConnectOptions two = server.to("box/attach");
        two.addSubProtocol(StreamServer.bearer("another"));
        assertThat(server.connect(two).closeCode()).isEqualTo(4401);
        WebSocketConnectOptions wrong = server.to("box/attach");
        wrong.getHeaders().set("Authorization", "Bearer wrong");
        assertThat(server.connect(wrong).closeCode()).isEqualTo(4401);
        assertThat(server.connect("box/attach?token=" + StreamServer.TOKEN).closeCode())
                .isEqualTo(4401);
    }

    @Test
    void takesATokenAsSubprotocolAndEchoesOnlyTheRealOne() {
        server.run("box", "cat");
        WebSocketConnectOptions options = server.to("box/attach");
        options.getHeaders().remove("Authorization");
        options.addSubProtocol(StreamServer.bearer(StreamServer.TOKEN));
        TestSocket socket = server.connect(options);
        socket.send(0, "hi\n");
        socket.awaitStdout("hi\n");
        assertThat(socket.socket.subProtocol()).isEqualTo("v5.channel.k8s.io");
    }

    @Test
    void takesATicketOnceAndForItsProcessOnly() {
        server.run("box", "cat");
        server.run("other", "cat");
        String ticket = ticket("box", Role.VIEWER);
        TestSocket socket = server.connect(withTicket("box/attach", ticket));
        await().atMost(SOON).until(() -> "01".equals(socket.first()));
        assertThat(server.connect(withTicket("box/attach", ticket)).closeCode()).isEqualTo(4401);
        assertThat(server.connect(withTicket("other/attach", ticket("box", Role.WRITER)))
                        .closeCode())
                .isEqualTo(4401);
        WebSocketConnectOptions more = withTicket("box/attach", ticket("box", Role.VIEWER));
        more.setURI(more.getURI() + "&role=writer");
        assertThat(server.connect(more).closeCode()).isEqualTo(4403);
    }

    private String ticket(String container, Role role) {
        return server.tickets
                .issue(StreamServer.OWNER, StreamServer.TENANT, container, null, role)
                .ticket();
    }

    private WebSocketConnectOptions withTicket(String path, String ticket) {
        WebSocketConnectOptions options = server.to(path + "?ticket=" + ticket);
        options.getHeaders().remove("Authorization");
        return options;
    }

    @Test
    void endsWhenItsCredentialIsRevoked() {
        server.run("box", "cat");
        TestSocket socket = server.connect(server.to("box/attach"));
        await().atMost(SOON).until(() -> "01".equals(socket.first()));
        server.connections.onRevoked(CredentialRevoked.credential("tok_2"));
        server.connections.onRevoked(CredentialRevoked.member("usr_1", new TenantId("other")));
        socket.send(0, "still there\n");
        socket.awaitStdout("still there\n");
        server.connections.onRevoked(CredentialRevoked.credential("tok_1"));
        assertThat(socket.closeCode()).isEqualTo(4401);
        await().atMost(SOON).until(() -> server.connections.size() == 0);
    }

    @Test
    void takesTheCookieOfAPageOfItsOwnOnly() {
        server.run("box", "cat");
        WebSocketConnectOptions own = withCookie().setAllowOriginHeader(true);
        own.addHeader("Origin", "http://127.0.0.1:" + server.port);
        TestSocket socket = server.connect(own);
        socket.send(0, "signed in\n");
        socket.awaitStdout("signed in\n");
        assertThat(server.connect(withCookie()).closeCode()).isEqualTo(4401);
        WebSocketConnectOptions evil = withCookie().setAllowOriginHeader(true);
        evil.addHeader("Origin", "https://evil.example");
        assertThat(server.connect(evil).closeCode()).isEqualTo(4403);
    }

    private WebSocketConnectOptions withCookie() {
        WebSocketConnectOptions options = server.to("box/attach");
        options.getHeaders().remove("Authorization");
        options.setAllowOriginHeader(false);
        options.addHeader("Cookie", "berth-session=" + StreamServer.TOKEN);
        return options;
    }

    @Test
    void refusesPagesOfOtherOrigins() {
        server.run("box", "cat");
        WebSocketConnectOptions evil = server.to("box/attach");
        evil.addHeader("Origin", "https://evil.example");
        assertThat(server.connect(evil).closeCode()).isEqualTo(4403);
        WebSocketConnectOptions own = server.to("box/attach");
        own.addHeader("Origin", "http://127.0.0.1:" + server.port);
        TestSocket socket = server.connect(own);
        socket.send(0, "fine\n");
        socket.awaitStdout("fine\n");
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
