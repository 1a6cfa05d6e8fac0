package io.berth.terminal;

import static org.awaitility.Awaitility.await;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.http.WebSocketFrame;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A client's end of a stream: keeps what arrives, by channel. */
final class TestSocket {

    private static final Duration SOON = Duration.ofSeconds(20);

    final WebSocket socket;
    private final ByteArrayOutputStream stdout = new ByteArrayOutputStream();
    private final ByteArrayOutputStream stderr = new ByteArrayOutputStream();
    private final List<JsonObject> notices = new ArrayList<>();
    private @Nullable JsonObject status;
    private @Nullable String first;
    private boolean closed;

    private TestSocket(WebSocket socket) {
        this.socket = socket;
    }

    static TestSocket connect(WebSocketClient client, WebSocketConnectOptions options) {
        return StreamServer.join(client.connect(options).map(socket -> {
            TestSocket made = new TestSocket(socket);
            try {
                socket.binaryMessageHandler(made::message);
                socket.closeHandler(gone -> made.closed());
                socket.exceptionHandler(failure -> {});
            } catch (IllegalStateException closedAlready) {
                made.closed();
            }
            return made;
        }));
    }

    private synchronized void message(Buffer message) {
        if (first == null) {
            first = HexFormat.of().formatHex(message.getBytes());
        }
        byte[] payload = message.getBytes(1, message.length());
        switch (message.getByte(0)) {
            case 1 -> stdout.writeBytes(payload);
            case 2 -> stderr.writeBytes(payload);
            case 3 -> status = new JsonObject(Buffer.buffer(payload));
            case 5 -> notices.add(new JsonObject(Buffer.buffer(payload)));
            default -> throw new AssertionError("channel " + message.getByte(0));
        }
    }

    private synchronized void closed() {
        closed = true;
    }

    void send(int channel, String text) {
        socket.writeBinaryMessage(Buffer.buffer().appendByte((byte) channel).appendString(text));
    }

    void send(WebSocketFrame frame) {
        socket.writeFrame(frame);
    }

    synchronized String stdout() {
        return stdout.toString(StandardCharsets.UTF_8);
    }

    synchronized byte[] stdoutBytes() {
        return stdout.toByteArray();
    }

    synchronized String stderr() {
        return stderr.toString(StandardCharsets.UTF_8);
    }

    synchronized List<JsonObject> notices() {
        return List.copyOf(notices);
    }

    /** The last notice that told an offset. */
    synchronized JsonObject lastPosition() {
        return notices.stream()
                .filter(notice -> notice.containsKey("offset"))
                .reduce((earlier, later) -> later)
                .orElseThrow();
    }

    synchronized @Nullable JsonObject status() {
        return status;
    }

    synchronized @Nullable String first() {
        return first;
    }

    synchronized boolean isClosed() {
        return closed;
    }

    /** Waits for the byte that every stream begins with. */
    void awaitBegin() {
        await().atMost(SOON).until(() -> "01".equals(first()));
    }

    void awaitStdout(String part) {
        await().atMost(SOON).until(() -> stdout().contains(part));
    }

    void awaitNotice(JsonObject notice) {
        await().atMost(SOON).until(() -> notices().contains(notice));
    }

    /** Waits for the close, and answers its code. */
    int closeCode() {
        await().atMost(SOON).until(this::isClosed);
        Short code = socket.closeStatusCode();
        return code == null ? -1 : code;
    }

    String closeReason() {
        closeCode();
        return String.valueOf(socket.closeReason());
    }
}
