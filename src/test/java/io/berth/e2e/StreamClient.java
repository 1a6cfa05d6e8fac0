package io.berth.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.restassured.path.json.JsonPath;
import java.io.ByteArrayOutputStream;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A client of a stream as docs/streams.md describes it: keeps what arrives by channel, and counts offsets. */
final class StreamClient implements WebSocket.Listener, AutoCloseable {

    private static final Duration SOON = Duration.ofSeconds(30);
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final ByteArrayOutputStream message = new ByteArrayOutputStream();
    private final ByteArrayOutputStream stdout = new ByteArrayOutputStream();
    private final ByteArrayOutputStream stderr = new ByteArrayOutputStream();
    private final List<JsonPath> notices = new ArrayList<>();
    private final CompletableFuture<Integer> closed = new CompletableFuture<>();
    private final CompletableFuture<JsonPath> status = new CompletableFuture<>();
    private final @Nullable Consumer<byte[]> reader;
    private long offset = -1;
    private @Nullable WebSocket socket;

    private StreamClient(@Nullable Consumer<byte[]> reader) {
        this.reader = reader;
    }

    /** @param path of the thing to attach to, with a query perhaps */
    static StreamClient attach(ServerProcess server, String path) {
        return attach(server, path, server.token(), null);
    }

    /**
     * @param token none for no Authorization header
     * @param reader gets each output message, which is then not kept; the next one is asked for when it returns
     */
    static StreamClient attach(
            ServerProcess server, String path, @Nullable String token, @Nullable Consumer<byte[]> reader) {
        int query = path.indexOf('?');
        String attach = query < 0 ? path + "/attach" : path.substring(0, query) + "/attach" + path.substring(query);
        WebSocket.Builder builder = HTTP.newWebSocketBuilder().subprotocols("v5.channel.k8s.io", "v4.channel.k8s.io");
        if (token != null) {
            builder.header("Authorization", "Bearer " + token);
        }
        StreamClient client = new StreamClient(reader);
        client.socket = builder.buildAsync(server.uri("ws", attach), client)
                .orTimeout(SOON.toSeconds(), TimeUnit.SECONDS)
                .join();
        return client;
    }

    @Override
    public @Nullable CompletionStage<?> onBinary(WebSocket from, ByteBuffer data, boolean last) {
        byte[] part = new byte[data.remaining()];
        data.get(part);
        message.writeBytes(part);
        if (last) {
            byte[] whole = message.toByteArray();
            message.reset();
            receive(whole);
        }
        from.request(1);
        return null;
    }

    private void receive(byte[] whole) {
        byte[] payload = Arrays.copyOfRange(whole, 1, whole.length);
        Consumer<byte[]> taker = reader;
        if (taker != null && whole[0] == 1) {
            taker.accept(payload);
            return;
        }
        synchronized (this) {
            String text = new String(payload, StandardCharsets.UTF_8);
            switch (whole[0]) {
                case 1 -> stdout.writeBytes(payload);
                case 2 -> stderr.writeBytes(payload);
                case 3 -> status.complete(JsonPath.from(text));
                case 5 -> notice(JsonPath.from(text));
                default -> throw new AssertionError("channel " + whole[0]);
            }
            if (whole[0] < 3 && offset >= 0) {
                offset += payload.length;
            }
        }
    }

    private void notice(JsonPath notice) {
        notices.add(notice);
        if (notice.get("offset") != null) {
            offset = notice.getLong("offset");
        }
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String reason) {
        closed.complete(code);
        status.completeExceptionally(new AssertionError("closed with " + code + " " + reason + " before the status"));
        return null;
    }

    @Override
    public void onError(WebSocket from, Throwable failure) {
        closed.complete(1006);
        status.completeExceptionally(failure);
    }

    void type(String text) {
        send(0, text);
    }

    void send(int channel, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        send(ByteBuffer.allocate(bytes.length + 1)
                .put((byte) channel)
                .put(bytes)
                .flip());
    }

    void send(ByteBuffer whole) {
        connection()
                .sendBinary(whole, true)
                .orTimeout(SOON.toSeconds(), TimeUnit.SECONDS)
                .join();
    }

    void sendText(String text) {
        connection().sendText(text, true).join();
    }

    void closeInput() {
        send(ByteBuffer.wrap(new byte[] {(byte) 255, 0}));
    }

    private WebSocket connection() {
        return Objects.requireNonNull(socket);
    }

    String subprotocol() {
        return connection().getSubprotocol();
    }

    synchronized byte[] bytes() {
        return stdout.toByteArray();
    }

    synchronized String stdout() {
        return stdout.toString(StandardCharsets.UTF_8);
    }

    synchronized String stderr() {
        return stderr.toString(StandardCharsets.UTF_8);
    }

    synchronized List<JsonPath> notices() {
        return List.copyOf(notices);
    }

    /** Offset of the next byte of output; known once a notice told where it begins. */
    synchronized long offset() {
        return offset;
    }

    void awaitStdout(String part) {
        await().atMost(SOON).untilAsserted(() -> assertThat(stdout()).contains(part));
    }

    void awaitRole(String role) {
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(notices())
                        .filteredOn(notice -> notice.get("role") != null)
                        .last()
                        .extracting(notice -> notice.getString("role"))
                        .isEqualTo(role));
    }

    /** How the process ended, as Kubernetes' Status. */
    JsonPath status() {
        return status.orTimeout(SOON.toSeconds(), TimeUnit.SECONDS).join();
    }

    int closeCode() {
        return closed.orTimeout(SOON.toSeconds(), TimeUnit.SECONDS).join();
    }

    boolean isClosed() {
        return closed.isDone();
    }

    @Override
    public void close() {
        connection().abort();
    }
}
