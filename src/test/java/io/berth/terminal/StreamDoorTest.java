package io.berth.terminal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.berth.api.auth.CredentialRevoked;
import io.berth.containers.ContainerHandle;
import io.berth.tenants.TenantId;
import io.vertx.core.http.WebSocketConnectOptions;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who gets in, by which credential, and what is recorded of it. */
class StreamDoorTest {

    private static final Duration SOON = Duration.ofSeconds(20);

    private final StreamServer server = new StreamServer(Map.of());

    @AfterEach
    void stop() {
        server.close();
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
        socket.awaitBegin();
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
    void endsWhenItsCredentialIsRevoked() {
        server.run("box", "cat");
        TestSocket socket = server.connect(server.to("box/attach"));
        socket.awaitBegin();
        server.connections.onRevoked(CredentialRevoked.credential("tok_2"));
        server.connections.onRevoked(CredentialRevoked.member("usr_1", new TenantId("other")));
        socket.send(0, "still there\n");
        socket.awaitStdout("still there\n");
        server.connections.onRevoked(CredentialRevoked.credential("tok_1"));
        assertThat(socket.closeCode()).isEqualTo(4401);
        await().atMost(SOON).until(() -> server.connections.size() == 0);
    }
}
